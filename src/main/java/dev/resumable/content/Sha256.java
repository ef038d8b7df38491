// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest algorithm of this library, which every Java platform must provide. */
public final class Sha256 {

    /** Nothing is ever digested by it; to copy it costs less than to ask all providers each time. */
    private static final MessageDigest UNUSED = ofProvider();

    private Sha256() {}

    /** A fresh digest. */
    public static MessageDigest newDigest() {
        try {
            return (MessageDigest) UNUSED.clone();
        } catch (CloneNotSupportedException e) {
            // Digests of tokens and other hardware may be unable to.
            return ofProvider();
        }
    }

    private static MessageDigest ofProvider() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java platform without SHA-256", e);
        }
    }
}
