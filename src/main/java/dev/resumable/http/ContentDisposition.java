// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.nio.charset.StandardCharsets;

/**
 * The {@code Content-Disposition} field of a response, RFC 6266: what to do with the content and how to name it.
 *
 * <p>The name is given in {@code filename} as printable ASCII; whenever that loses anything, {@code filename*} follows
 * with the exact name in UTF-8 (RFC 8187), which every current client prefers. Path separators, control characters,
 * characters that reverse the direction of writing, and unpaired surrogates become {@code _} in both: no client should
 * ever have to be trusted to do so.
 */
public final class ContentDisposition {
    private static final char REPLACEMENT = '_';

    private ContentDisposition() {}

    /**
     * Returns the field value that asks for the content to be saved under a name.
     *
     * @param fileName a name, not a path; an empty one is left out
     */
    public static String attachment(String fileName) {
        return withFileName("attachment", fileName);
    }

    /**
     * Returns the field value that lets the content be shown, and names it should it be saved.
     *
     * @param fileName a name, not a path; an empty one is left out
     */
    public static String inline(String fileName) {
        return withFileName("inline", fileName);
    }

    private static String withFileName(String type, String fileName) {
        if (fileName.isEmpty()) {
            return type;
        }
        String name = sanitized(fileName);
        String ascii = asciiOf(name);
        String value = type + "; filename=\"" + ascii + '"';
        return ascii.equals(name) ? value : value + "; filename*=UTF-8''" + extendedValue(name);
    }

    private static String sanitized(String fileName) {
        StringBuilder name = new StringBuilder(fileName.length());
        fileName.codePoints()
                .map(character -> isUnsafe(character) ? REPLACEMENT : character)
                .forEach(name::appendCodePoint);
        // The names of this and the parent directory are no file names.
        return name.toString().equals(".") || name.toString().equals("..")
                ? name.toString().replace('.', REPLACEMENT)
                : name.toString();
    }

    private static String asciiOf(String name) {
        StringBuilder ascii = new StringBuilder(name.length());
        name.codePoints()
                .map(character -> isPlain(character) ? character : REPLACEMENT)
                .forEach(ascii::appendCodePoint);
        return ascii.toString();
    }

    /** Returns the {@code value-chars} of RFC 8187 §3.2.1. */
    private static String extendedValue(String name) {
        StringBuilder value = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (isAttributeCharacter(octet)) {
                value.append((char) octet);
            } else {
                value.append('%').append(upperCaseHex(octet >> 4)).append(upperCaseHex(octet));
            }
        }
        return value.toString();
    }

    private static char upperCaseHex(int number) {
        return "0123456789ABCDEF".charAt(number & 0xF);
    }

    private static boolean isUnsafe(int character) {
        return character == '/'
                || character == '\\'
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default -> isDirectionControl(character);
                };
    }

    private static boolean isDirectionControl(int character) {
        return switch (Character.getDirectionality(character)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> true;
            default -> false;
        };
    }

    private static boolean isPlain(int character) {
        // RFC 6266 Appendix D: some clients decode "%" and some mistake an escaped quote, so neither is ever sent.
        return ' ' <= character && character <= '~' && character != '"' && character != '%';
    }

    /** The {@code attr-char} of RFC 8187 §3.2.1. */
    private static boolean isAttributeCharacter(int octet) {
        return FieldCursor.isAlpha(octet) || FieldCursor.isDigit(octet) || "!#$&+-.^_`|~".indexOf(octet) >= 0;
    }
}
