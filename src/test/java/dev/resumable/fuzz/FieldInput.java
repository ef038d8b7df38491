// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How the bytes of a fuzzer become field lines: one {@code char} per octet, as containers hand them out, and one line
 * per LF, so that a corpus can be read and written in an editor.
 */
final class FieldInput {
    private static final int DIGITS_OF_ANY_LENGTH = 18;

    private FieldInput() {}

    static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    /** Gives the lines; none for an empty input, which is a field that is not there. */
    static List<String> lines(byte[] input) {
        return input.length == 0 ? List.of() : List.of(text(input).split("\n", -1));
    }

    /** Gives the lines behind the first, which says something else. */
    static List<String> linesBehindFirst(byte[] input) {
        List<String> all = lines(input);
        return all.isEmpty() ? all : all.subList(1, all.size());
    }

    /** Gives the number that the digits of the first line make; 19 or more of them are the largest {@code long}. */
    static long numberInFirst(byte[] input) {
        String first = lines(input).stream().findFirst().orElse("");
        String digits = first.chars()
                .filter(c -> c >= '0' && c <= '9')
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
        if (digits.length() > DIGITS_OF_ANY_LENGTH) {
            return Long.MAX_VALUE;
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    /** Repeats an input until it has this many bytes: what takes quadratic time then takes far too long. */
    static byte[] grown(byte[] input, int size) {
        if (input.length == 0) {
            return input;
        }
        byte[] grown = Arrays.copyOf(input, Math.max(size, input.length));
        for (int done = input.length; done < grown.length; done++) {
            grown[done] = input[done % input.length];
        }
        return grown;
    }
}
