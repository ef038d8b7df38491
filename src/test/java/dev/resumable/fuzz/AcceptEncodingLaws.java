// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.AcceptEncodingField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The laws of {@link AcceptEncodingField}: the quality of a coding is what an oracle says that takes the field apart at its
 * commas and reads each member by a regular expression of the grammar; the order of lines changes nothing; what is
 * preferred is accepted.
 */
public final class AcceptEncodingLaws {
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]++";
    private static final Pattern MEMBER = Pattern.compile("[ \\t]*+(?<name>" + TOKEN + ")"
            + "(?:[ \\t]*+;[ \\t]*+[qQ]=(?<weight>0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?[ \\t]*+");
    private static final List<String> CODINGS = List.of("gzip", "identity", "br", "compress", "*", "x-gzip");

    private AcceptEncodingLaws() {}

    static void check(byte[] input) {
        check(FieldInput.lines(input));
    }

    /** Throws if the library breaks a law with these lines. */
    public static void check(List<String> lines) {
        AcceptEncodingField read = AcceptEncodingField.parse(lines);
        List<String> reversed = new ArrayList<>(lines);
        Collections.reverse(reversed);
        AcceptEncodingField backwards = AcceptEncodingField.parse(reversed);
        for (String coding : CODINGS) {
            int quality = read.quality(coding);
            assertThat(quality).as("%s in %s", coding, lines).isEqualTo(expected(coding, lines));
            assertThat(backwards.quality(coding)).isEqualTo(quality);
            assertThat(read.accepts(coding)).isEqualTo(quality > 0);
            assertThat(read.prefers(coding)).isEqualTo(quality > 0 && quality >= read.quality("identity"));
        }
    }

    private static int expected(String coding, List<String> lines) {
        Optional<Integer> named = least(coding, lines);
        int unnamed = coding.equals("identity") ? 1 : 0;
        return named.or(() -> least("*", lines)).orElse(unnamed);
    }

    /** RFC 9110 §12.5.3; of two members with one name the stricter one counts. */
    private static Optional<Integer> least(String coding, List<String> lines) {
        List<Integer> weights = new ArrayList<>();
        for (String line : lines) {
            for (String member : line.split(",", -1)) {
                Matcher matcher = MEMBER.matcher(member);
                if (matcher.matches() && canonical(matcher.group("name")).equals(coding)) {
                    String weight = Optional.ofNullable(matcher.group("weight")).orElse("1");
                    weights.add(new BigDecimal(weight).movePointRight(3).intValueExact());
                }
            }
        }
        return weights.stream().min(Integer::compare);
    }

    /** RFC 9110 §8.4.1.1 and §8.4.1.3. */
    private static String canonical(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x-gzip" -> "gzip";
            case "x-compress" -> "compress";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }
}
