// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;

/** Which bytes of a representation an answer has, as {@link ContentResponse#needs} foresees it. */
public sealed interface NeededBytes {

    /**
     * No byte.
     *
     * @param status 304, 412 or 416
     */
    record None(int status) implements NeededBytes {}

    /**
     * One range: a 206.
     *
     * @param range the bytes of it
     */
    record OneRange(ByteRange range) implements NeededBytes {}

    /** All of them, or several ranges. */
    record Others() implements NeededBytes {}
}
