// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.time.Duration;

/**
 * The field {@code Upload-Limit}, a Dictionary of Integers.
 *
 * @param maxSize the largest upload in bytes
 * @param expiry how long an upload is kept that nobody goes on with
 */
record DraftLimits(long maxSize, Duration expiry) {

    /** RFC 9651 §3.3.1: an Integer has 15 digits at most. */
    private static final long MAX_INTEGER = 999_999_999_999_999L;

    /** The limits of uploads to come. */
    String forAll(DraftVersion version) {
        return forUpload(version, expiry);
    }

    /** The limits of an upload that is kept so long, if nobody goes on with it. */
    String forUpload(DraftVersion version, Duration left) {
        return "max-size=" + Math.min(maxSize, MAX_INTEGER) + ", " + version.lifetimeLimit() + "="
                + Math.min(Math.max(0, left.toSeconds()), MAX_INTEGER);
    }
}
