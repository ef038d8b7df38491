// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.util.HexFormat;

/**
 * Raw paths that all containers read in the one way: no empty segment, none that begins with a dot, no parameters, and nothing
 * coded that could be one of these, or a slash.
 */
final class PlainPath {

    private static final String BESIDE_LETTERS = "/._~-!$&'()*+,=:@";

    /** Control characters are left out as well. */
    private static final String AMBIGUOUS = "./\\;%\u007f";

    private PlainPath() {}

    /** True if a path from its first slash on, as the client has sent it, is one. */
    static boolean is(String path) {
        if (!path.startsWith("/") || path.contains("//") || path.contains("/.")) {
            return false;
        }
        int at = 0;
        while (at < path.length()) {
            char c = path.charAt(at);
            boolean coded = c == '%';
            if (coded ? !isPlain(path, at + 1) : !isPlain(c)) {
                return false;
            }
            at += coded ? 3 : 1;
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || BESIDE_LETTERS.indexOf(c) >= 0;
    }

    /** True for the two digits of a byte that means nothing in a path. */
    private static boolean isPlain(String path, int digits) {
        if (digits + 2 > path.length()
                || !HexFormat.isHexDigit(path.charAt(digits))
                || !HexFormat.isHexDigit(path.charAt(digits + 1))) {
            return false;
        }
        int value = HexFormat.fromHexDigits(path, digits, digits + 2);
        return value >= ' ' && AMBIGUOUS.indexOf(value) < 0;
    }
}
