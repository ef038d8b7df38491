// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests by which the body of one request may be checked. The identity of a file is always its SHA-256. */
enum DigestAlgorithm {
    SHA_256("SHA-256", 32),
    SHA_512("SHA-512", 64),
    /** For old clients: it finds broken lines, not forgers. */
    SHA_1("SHA-1", 20),
    /** For old clients: it finds broken lines, not forgers. */
    MD5("MD5", 16);

    private final String javaName;
    private final int size;

    DigestAlgorithm(String javaName, int size) {
        this.javaName = javaName;
        this.size = size;
    }

    /** The size of a digest in bytes. */
    int size() {
        return size;
    }

    MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java platform without " + javaName, e);
        }
    }
}
