// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The name of an upload, made by the server alone: 144 bits that nobody can guess, in base64url.
 *
 * <p>Whoever holds it is not yet allowed anything: the owner is checked too.
 *
 * @param value 24 characters of {@code A-Z a-z 0-9 - _}, safe in paths of files and URLs
 */
public record UploadId(String value) {

    /** Refuses what the server cannot have made. */
    public UploadId {
        if (!RandomName.isOne(value)) {
            throw new IllegalArgumentException("not an upload id");
        }
    }

    /** A fresh id. */
    public static UploadId random() {
        return new UploadId(RandomName.next());
    }

    /** The id that belongs to a SHA-256: its first 144 bits. */
    public static UploadId of(byte[] sha256) {
        return new UploadId(Base64.getUrlEncoder().encodeToString(Arrays.copyOf(sha256, 18)));
    }

    /** The id that a client names; empty for anything that no server has made. */
    public static Optional<UploadId> parse(String text) {
        return RandomName.isOne(text) ? Optional.of(new UploadId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
