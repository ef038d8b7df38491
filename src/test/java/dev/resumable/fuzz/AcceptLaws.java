// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.AcceptField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The laws of {@link AcceptField}: a quality is within its bounds whatever the case of letters; a field that is not
 * well-formed accepts everything; empty list elements and the order of lines change nothing; well-formed lines make a
 * well-formed field.
 *
 * <p>Whether a field was understood is told by the quality of a type that is in a member added to it.
 */
final class AcceptLaws {
    private static final String ADDED = "probe/zz;q=0.123";
    private static final String[][] PROBES = {
        {"text", "html"}, {"application", "json"}, {"a", "b"}, {"*", "*"}, {"probe", "zz"}
    };

    private AcceptLaws() {}

    static void check(byte[] input) {
        List<String> lines = FieldInput.lines(input);
        AcceptField read = AcceptField.parse(lines);
        for (String[] probe : PROBES) {
            int quality = read.quality(probe[0], probe[1]);
            assertThat(quality).isBetween(0, 1000);
            assertThat(read.quality(upper(probe[0]), upper(probe[1]))).isEqualTo(quality);
        }
        if (!FieldInput.text(input).toLowerCase(Locale.ROOT).contains("probe")) {
            checkWhole(lines);
        }
    }

    private static void checkWhole(List<String> lines) {
        List<Integer> qualities = qualities(lines);
        assertThat(qualities(List.of(", ," + String.join(" ,\t,", lines) + " , ")))
                .isEqualTo(isSplitInQuotes(lines) ? qualities(List.of(String.join(" ,\t,", lines))) : qualities);
        if (!isUnderstood(lines)) {
            assertThat(qualities).containsOnly(1000);
        }
        if (lines.stream().allMatch(line -> isUnderstood(List.of(line)))) {
            assertThat(isUnderstood(lines)).isTrue();
            List<String> reversed = new ArrayList<>(lines);
            Collections.reverse(reversed);
            assertThat(qualities(reversed)).isEqualTo(qualities);
        }
    }

    /** Then what joins the lines may stand within a quoted string and is no list syntax. */
    private static boolean isSplitInQuotes(List<String> lines) {
        return lines.stream().anyMatch(line -> line.indexOf('"') >= 0);
    }

    private static boolean isUnderstood(List<String> lines) {
        List<String> more = new ArrayList<>(lines);
        more.add(ADDED);
        int quality = AcceptField.parse(more).quality("probe", "zz");
        assertThat(quality).isIn(123, 1000);
        return quality == 123;
    }

    private static List<Integer> qualities(List<String> lines) {
        AcceptField read = AcceptField.parse(lines);
        return List.of(PROBES).stream()
                .map(probe -> read.quality(probe[0], probe[1]))
                .toList();
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
