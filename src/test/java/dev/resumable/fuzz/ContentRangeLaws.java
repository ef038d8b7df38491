// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ContentRange;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The laws of {@link ContentRange}: reading what was written gives the same, and exactly the values are read that the
 * grammar of RFC 9110 §14.4 allows and whose numbers make sense and fit.
 */
final class ContentRangeLaws {
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final Pattern GRAMMAR = Pattern.compile(
            "[ \\t]*+[bB][yY][tT][eE][sS] (?:(?<first>[0-9]+)-(?<last>[0-9]+)|\\*)/(?:(?<length>[0-9]+)|\\*)[ \\t]*+");

    private ContentRangeLaws() {}

    static void check(byte[] input) {
        String value = FieldInput.text(input);
        Optional<ContentRange> read = ContentRange.parse(value);
        assertThat(read.map(ContentRange::toString)).isEqualTo(expected(value));
        read.ifPresent(range -> assertThat(ContentRange.parse(range.toString())).contains(range));
    }

    private static Optional<String> expected(String value) {
        Matcher matcher = GRAMMAR.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<BigInteger> first = number(matcher, "first");
        Optional<BigInteger> last = number(matcher, "last");
        Optional<BigInteger> length = number(matcher, "length");
        boolean fits = length.orElse(BigInteger.ZERO).compareTo(LARGEST) <= 0;
        boolean valid = last.isEmpty()
                ? length.isPresent()
                : first.orElseThrow().compareTo(last.get()) <= 0 && last.get().compareTo(length.orElse(LARGEST)) < 0;
        if (!fits || !valid) {
            return Optional.empty();
        }
        String positions = last.map(end -> first.orElseThrow() + "-" + end).orElse("*");
        return Optional.of(
                "bytes " + positions + "/" + length.map(BigInteger::toString).orElse("*"));
    }

    private static Optional<BigInteger> number(Matcher matcher, String group) {
        return Optional.ofNullable(matcher.group(group)).map(BigInteger::new);
    }
}
