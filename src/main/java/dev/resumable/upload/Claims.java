// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.util.Optional;

/** What clients say of a file: text that is given back, and never believed. */
final class Claims {

    private static final int MAX_NAME = 1024;

    private Claims() {}

    /** A name fit to be shown: without control characters, and not too long. */
    static String fileName(String name) {
        return name.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A media type, if it could be one. */
    static Optional<String> mediaType(String type) {
        boolean canBe = type.indexOf('/') > 0 && type.chars().allMatch(c -> c >= ' ' && c <= '~');
        return canBe ? Optional.of(type) : Optional.empty();
    }
}
