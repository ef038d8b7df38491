// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.resumable.http.RangeSelection.Multipart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeSelectionTest {
    private static final RangeLimits GENEROUS = new RangeLimits(1000, 1000, 1000, 0, 0);

    @ParameterizedTest(name = "RFC 9110 §15.3.7: {0} of {1} bytes: {2}")
    @CsvSource({
        "0-499, 10000, single 0-499",
        "0-, 10000, single 0-9999",
        "0-0, 1, single 0-0",
        "-1, 10000, single 9999-9999",
        "-20000, 10000, single 0-9999",
        "9999-20000, 10000, single 9999-9999",
        "0-9223372036854775807, 9223372036854775807, single 0-9223372036854775806"
    })
    void cutsSingleRanges(String set, long completeLength, String selection) {
        assertThat(selected(set, completeLength, RangeLimits.defaults())).isEqualTo(selection);
    }

    @ParameterizedTest(name = "RFC 9110 §15.5.17: {0} of {1} bytes is unsatisfiable")
    @CsvSource({
        "10000-, 10000",
        "10000-20000, 10000",
        "-0, 10000",
        "'-0,10000-,99999-', 10000",
        "9223372036854775807-, 9223372036854775807"
    })
    void saysWhenNothingIsSatisfiable(String set, long completeLength) {
        assertThat(selected(set, completeLength, RangeLimits.defaults())).isEqualTo("unsatisfiable");
    }

    @ParameterizedTest(name = "RFC 9110 §14.2: {0} of nothing is nothing to cut")
    @CsvSource({"0-0", "0-", "-0", "-5", "'0-1,2-3'"})
    void sendsAnEmptyRepresentationWhole(String set) {
        assertThat(selected(set, 0, new RangeLimits(0, 0, 0, 0, 0))).isEqualTo("whole NOTHING_TO_CUT");
    }

    @ParameterizedTest(name = "RFC 9110 §15.3.7.2: {0} of 10000 bytes: {1}")
    @CsvSource({
        "'0-1,5-6', multipart 0-1 5-6",
        "'5-6,0-1', multipart 5-6 0-1",
        "'0-1,2-3', multipart 0-1 2-3",
        "'2-3,0-1', multipart 2-3 0-1",
        "'0-1,3-4', multipart 0-1 3-4",
        "'0-1,20000-,5-6', multipart 0-1 5-6",
        "'20000-,5-6,-0', single 5-6",
        "'0-2,2-3', single 0-3",
        "'2-3,0-2', single 0-3",
        "'0-9,3-4', single 0-9",
        "'3-4,0-9', single 0-9",
        "'3-4,3-4', single 3-4",
        "'0-9,3-4,9-12,20-21', multipart 0-12 20-21",
        "'20-21,0-9,3-4,10-12', multipart 20-21 0-9 10-12",
        "'0-2,20-22,4-6,2-4', multipart 0-6 20-22",
        "'20-22,4-6,0-2,2-4', multipart 20-22 0-6",
        "'4-6,20-22,0-2,2-4', multipart 0-6 20-22",
        "'0-0,-1', multipart 0-0 9999-9999",
        "'-1,0-', single 0-9999",
        "'0-0,2-2,4-4,6-6,0-6', single 0-6"
    })
    void keepsTheOrderAskedAndJoinsOverlaps(String set, String selection) {
        assertThat(selected(set, 10_000, GENEROUS)).isEqualTo(selection);
    }

    @ParameterizedTest(name = "RFC 9110 §17.15: {0} members, at most 3: {1}")
    @CsvSource({
        "'0-0,2-2,4-4', multipart 0-0 2-2 4-4",
        "'0-0,2-2,4-4,6-6', whole TOO_MANY_RANGES",
        "'0-0,2-2,4-4,20000-', whole TOO_MANY_RANGES",
        "'20000-,20000-,20000-,20000-', whole TOO_MANY_RANGES",
        "'20000-,20000-,20000-', unsatisfiable"
    })
    void limitsTheMembersAsked(String set, String selection) {
        assertThat(selected(set, 10_000, new RangeLimits(3, 9, 9, 0, 0))).isEqualTo(selection);
    }

    @ParameterizedTest(name = "RFC 9110 §17.15: {0}, at most 2 overlaps: {1}")
    @CsvSource({
        "'0-9,1-2,3-4', single 0-9",
        "'0-9,1-2,20-29,21-22', multipart 0-9 20-29",
        "'0-9,1-2,3-4,5-6', whole TOO_MANY_OVERLAPS",
        "'0-9,1-2,3-4,20-29,21-22', whole TOO_MANY_OVERLAPS",
        "'0-9,20000-,20000-,20000-', single 0-9"
    })
    void limitsOverlaps(String set, String selection) {
        assertThat(selected(set, 10_000, new RangeLimits(9, 2, 9, 0, 0))).isEqualTo(selection);
    }

    @ParameterizedTest(name = "RFC 9110 §17.15: {0}, at most 2 descending: {1}")
    @CsvSource({
        "'6-6,4-4,2-2', multipart 6-6 4-4 2-2",
        "'6-6,4-4,2-2,0-0', whole TOO_MANY_DESCENDING",
        "'2-2,0-0,6-6,4-4,9-9,8-8', whole TOO_MANY_DESCENDING",
        "'6-6,6-7,6-8,6-9', single 6-9",
        "'0-0,2-2,4-4,6-6,8-8', multipart 0-0 2-2 4-4 6-6 8-8",
        "'6-6,20000-,4-4,-0,2-2', multipart 6-6 4-4 2-2",
        "'9-9,8-9,7-9,6-9', whole TOO_MANY_DESCENDING"
    })
    void limitsGoingBack(String set, String selection) {
        assertThat(selected(set, 10_000, new RangeLimits(9, 9, 2, 0, 0))).isEqualTo(selection);
    }

    @ParameterizedTest(name = "RFC 9110 §17.15: {0} of {1} bytes, 10 a part, 5 over the whole: {2}")
    @CsvSource({
        "'0-4,6-10', 25, multipart 0-4 6-10",
        "'0-4,6-10', 24, whole LARGER_THAN_WHOLE",
        "'0-4,5-10', 26, multipart 0-4 5-10",
        "'0-4,5-10', 25, whole LARGER_THAN_WHOLE",
        "'0-9', 10, single 0-9",
        "'0-0,2-2,4-4', 28, multipart 0-0 2-2 4-4",
        "'0-0,2-2,4-4', 27, whole LARGER_THAN_WHOLE",
        "'0-0,2-', 9223372036854775807, whole LARGER_THAN_WHOLE",
        "'0-0,17-', 9223372036854775807, multipart 0-0 17-9223372036854775806",
        "'0-0,15-', 9223372036854775807, whole LARGER_THAN_WHOLE"
    })
    void limitsTheSizeOfTheAnswer(String set, long completeLength, String selection) {
        assertThat(selected(set, completeLength, new RangeLimits(9, 9, 9, 10, 5)))
                .isEqualTo(selection);
    }

    @Test
    void anyBoundOnBytesIsSafeFromOverflow() {
        RangeLimits large = new RangeLimits(9, 9, 9, Integer.MAX_VALUE, Long.MAX_VALUE);
        assertThat(selected("0-0,2-", Long.MAX_VALUE, large)).isEqualTo("multipart 0-0 2-9223372036854775806");
        RangeLimits tight = new RangeLimits(9, 9, 9, Integer.MAX_VALUE, 0);
        assertThat(selected("0-0,2-", 10, tight)).isEqualTo("whole LARGER_THAN_WHOLE");
    }

    @Test
    void theDefaultsAllowWhatAClientMayWant() {
        String hundred = every(100, 200);
        assertThat(selected(hundred, 1_000_000, RangeLimits.defaults())).startsWith("multipart ");
        assertThat(selected(every(100, 201), 1_000_000, RangeLimits.defaults())).isEqualTo("whole TOO_MANY_RANGES");
        assertThat(selected("0-,0-1,5-6,7-8", 1_000_000, RangeLimits.defaults()))
                .isEqualTo("single 0-999999");
    }

    @Test
    void refusesANegativeLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> selected("0-", -1, RangeLimits.defaults()));
    }

    @Test
    void aMultipartSelectionHasTwoRangesAndKeepsACopy() {
        ByteRange one = new ByteRange(0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipart(List.of(one)));
        List<ByteRange> ranges = new ArrayList<>(List.of(one, new ByteRange(2, 2)));
        Multipart multipart = new Multipart(ranges);
        ranges.clear();
        assertThat(multipart.ranges()).hasSize(2);
    }

    private static String every(int step, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i * step + "-" + (i * step + 1))
                .collect(Collectors.joining(","));
    }

    private static String selected(String set, long completeLength, RangeLimits limits) {
        RangesSpecifier asked = RangesSpecifier.parse(List.of("bytes=" + set)).orElseThrow();
        return RangeSelectionText.of(RangeSelection.select(asked, completeLength, limits));
    }
}
