// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.List;
import java.util.Optional;

/**
 * One field line of a message, a trailer section or a body part, as it stood on the wire.
 *
 * @param name the field name in the case that was sent
 * @param value the field value without the optional white space around it (RFC 9110 §5.5)
 */
public record FieldLine(String name, String value) {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    /**
     * Reads one line without its CRLF.
     *
     * @throws AssertionError if the name is not a token, white space precedes the colon or the value holds a control
     *     character; a folded line is among these (RFC 9112 §5)
     */
    static FieldLine parse(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0 || !isToken(line.substring(0, colon))) {
            throw new AssertionError("malformed field line: " + Wire.quote(line));
        }
        String value = trim(line.substring(colon + 1));
        if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
            throw new AssertionError("control character in field line: " + Wire.quote(line));
        }
        return new FieldLine(line.substring(0, colon), value);
    }

    /** Gives the values of all lines of {@code name}, in order; names differ only beyond case. */
    static List<String> values(List<FieldLine> lines, String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(FieldLine::value)
                .toList();
    }

    /** Gives the value of the only line of {@code name}, or nothing if there is none; several lines fail the test. */
    static Optional<String> single(List<FieldLine> lines, String name) {
        List<String> values = values(lines, name);
        if (values.size() > 1) {
            throw new AssertionError("expected at most one field line " + name + " but got " + values);
        }
        return values.stream().findFirst();
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(FieldLine::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || TOKEN_PUNCTUATION.indexOf(c) >= 0;
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
