// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import java.nio.charset.StandardCharsets;

/** The percent-encoding of one segment of a URI path, RFC 3986 §2.1. */
final class PathSegment {

    private static final String UNRESERVED = "-._~";
    /** What else may stand in a segment or a query as it is, RFC 3986 §3.3 and §3.4, "%" for what is encoded already. */
    private static final String ENCODED_ALREADY = UNRESERVED + "!$&'()*+,;=:@%";

    private PathSegment() {}

    /** Encodes a name: all but unreserved characters. */
    static String encode(String name) {
        return encodeExcept(UNRESERVED, name);
    }

    /** Encodes what a client sent encoded, but left as it must not stand in a field of ours. */
    static String encodeAgain(String raw) {
        return encodeExcept(ENCODED_ALREADY, raw);
    }

    /** The same for a query, in which slashes and question marks are data. */
    static String encodeQueryAgain(String raw) {
        return encodeExcept(ENCODED_ALREADY + "/?", raw);
    }

    private static String encodeExcept(String kept, String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isAlphanumeric(octet) || kept.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(hex(octet >> 4)).append(hex(octet));
            }
        }
        return encoded.toString();
    }

    private static boolean isAlphanumeric(int octet) {
        return ('a' <= octet && octet <= 'z') || ('A' <= octet && octet <= 'Z') || ('0' <= octet && octet <= '9');
    }

    private static char hex(int number) {
        return "0123456789ABCDEF".charAt(number & 0xF);
    }
}
