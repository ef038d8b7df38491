// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.nio.charset.StandardCharsets;

/** What was on the wire, made readable for failure messages. */
final class Wire {
    private static final int SHOWN = 400;

    private Wire() {}

    /** Quotes bytes with CR, LF and other control characters escaped, cut after some hundred characters. */
    static String quote(byte[] bytes) {
        return quote(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Quotes text with CR, LF and other control characters escaped, cut after some hundred characters. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(SHOWN, text.length()); i++) {
            escape(text.charAt(i), quoted);
        }
        quoted.append('"');
        if (text.length() > SHOWN) {
            quoted.append(" and ").append(text.length() - SHOWN).append(" more");
        }
        return quoted.toString();
    }

    private static void escape(char c, StringBuilder target) {
        switch (c) {
            case '\r' -> target.append("\\r");
            case '\n' -> target.append("\\n");
            case '\\', '"' -> target.append('\\').append(c);
            default -> {
                if (c >= 0x20 && c < 0x7f) {
                    target.append(c);
                } else {
                    target.append(String.format("\\x%02x", (int) c));
                }
            }
        }
    }
}
