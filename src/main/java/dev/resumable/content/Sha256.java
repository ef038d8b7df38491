// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest algorithm of this library, which every Java platform must provide. */
public final class Sha256 {

    private Sha256() {}

    /** A fresh digest. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java platform without SHA-256", e);
        }
    }
}
