// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.util.Optional;

/**
 * The name of a finished file in the catalogue, made by the server alone: 144 random bits in base64url.
 *
 * @param value 24 characters of {@code A-Z a-z 0-9 - _}
 */
public record FileId(String value) {

    /** Refuses what the server cannot have made. */
    public FileId {
        if (!RandomName.isOne(value)) {
            throw new IllegalArgumentException("not a file id");
        }
    }

    /** A fresh id. */
    public static FileId random() {
        return new FileId(RandomName.next());
    }

    /** The id that a client names; empty for anything that no server has made. */
    public static Optional<FileId> parse(String text) {
        return RandomName.isOne(text) ? Optional.of(new FileId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
