// SPDX-License-Identifier: Apache-2.0
/**
 * Answers a request with a representation: whole, in part, not at all if it did not change.
 *
 * <p>{@link dev.resumable.content.ContentResponse} is the door. It takes a {@link dev.resumable.content.Representation}
 * (bytes that can be read from any position) or a stream of known length, and writes 200, 206, 304, 412 or 416 by
 * RFC 9110 §13 and §14.
 */
@NullMarked
package dev.resumable.content;

import org.jspecify.annotations.NullMarked;
