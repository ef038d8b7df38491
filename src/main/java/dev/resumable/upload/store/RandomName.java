// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.security.SecureRandom;
import java.util.Base64;

/** Names that nobody can guess: 144 random bits in base64url, 24 characters. */
final class RandomName {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 18;
    private static final int CHARACTERS = BYTES / 3 * 4;

    private RandomName() {}

    /** A fresh one. */
    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether a text has the form; nothing else ever becomes part of a path. */
    static boolean isOne(String text) {
        return text.length() == CHARACTERS && text.chars().allMatch(RandomName::isBase64Url);
    }

    private static boolean isBase64Url(int c) {
        return ('A' <= c && c <= 'Z') || ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '_';
    }
}
