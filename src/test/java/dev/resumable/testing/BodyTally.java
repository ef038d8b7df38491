// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.security.MessageDigest;

/** Counts and digests the bytes of a body as they come. */
final class BodyTally {
    private final MessageDigest digest = Bytes.newSha256();
    private long count;

    void add(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        count += length;
    }

    long count() {
        return count;
    }

    /** Gives the digest of all so far; to be asked once. */
    String sha256() {
        return Bytes.hex(digest.digest());
    }
}
