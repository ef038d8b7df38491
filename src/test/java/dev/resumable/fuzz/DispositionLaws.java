// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ContentDisposition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The laws of {@link ContentDisposition}: whatever a file is called, the field is one line of printable ASCII in the
 * grammar of RFC 6266, its name is no path, and giving that name again gives the same field.
 */
final class DispositionLaws {
    private static final Pattern GRAMMAR = Pattern.compile("attachment"
            + "(?:; filename=\"(?<plain>[ !\\x23\\x24\\x26-\\x2E0-\\x5B\\x5D-~]++)\""
            + "(?:; filename\\*=UTF-8''(?<exact>(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})++))?+)?+");

    private DispositionLaws() {}

    /** Gives any name at all, halves of surrogate pairs included: an input that starts with 0 has two bytes a char. */
    static String fileName(byte[] input) {
        if (input.length == 0 || input[0] != 0) {
            return new String(input, StandardCharsets.UTF_8);
        }
        StringBuilder name = new StringBuilder();
        for (int i = 1; i + 1 < input.length; i += 2) {
            name.append((char) ((input[i] & 0xFF) << 8 | input[i + 1] & 0xFF));
        }
        return name.toString();
    }

    static void check(byte[] input) {
        String name = fileName(input);
        String value = ContentDisposition.attachment(name);
        Matcher matcher = GRAMMAR.matcher(value);
        assertThat(matcher.matches()).as("the grammar of %s", value).isTrue();
        assertThat(matcher.group("plain") == null).isEqualTo(name.isEmpty());
        if (!name.isEmpty()) {
            String exact = matcher.group("exact") == null ? matcher.group("plain") : decoded(matcher.group("exact"));
            checkName(name, exact);
            assertThat(ContentDisposition.attachment(exact)).isEqualTo(value);
            assertThat(ContentDisposition.inline(name)).isEqualTo(value.replaceFirst("attachment", "inline"));
        }
    }

    private static void checkName(String given, String sent) {
        assertThat(sent).isNotIn(".", "..").doesNotContain("/", "\\");
        assertThat(sent.codePoints().noneMatch(DispositionLaws::isDangerous)).isTrue();
        boolean isDirectory = given.equals(".") || given.equals("..");
        assertThat(sent)
                .isEqualTo(given.codePoints()
                        .map(c -> isDirectory || isDangerous(c) ? '_' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    private static boolean isDangerous(int character) {
        return character == '/'
                || character == '\\'
                || Character.isISOControl(character)
                || character >= 0xD800 && character <= 0xDFFF
                || character == 0x2028
                || character == 0x2029
                || character >= 0x202A && character <= 0x202E
                || character >= 0x2066 && character <= 0x2069;
    }

    private static String decoded(String value) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '%') {
                octets.write(Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                octets.write(value.charAt(i));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8: " + value, e);
        }
    }
}
