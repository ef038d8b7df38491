// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a {@code Range} field is not obeyed. */
class RangeFieldTest {

    @ParameterizedTest(name = "RFC 9110 §14.2: [{0}] is {1}")
    @CsvSource({
        "bytes=0-1, asked",
        "BYTES=-1, asked",
        "lines=0-1, UNKNOWN_UNIT",
        "' lines=0-1', UNKNOWN_UNIT",
        "lines=, UNKNOWN_UNIT",
        "lines, MALFORMED",
        "=0-1, MALFORMED",
        "'', MALFORMED",
        "bytes=1-0, MALFORMED",
        "bytes, MALFORMED",
        "Bytes=x, MALFORMED",
        "by tes=0-1, MALFORMED"
    })
    void tellsWhyAFieldIsIgnored(String line, String expected) {
        assertThat(text(RangeField.parse(List.of(line)))).isEqualTo(expected);
    }

    @Test
    void isAbsentWithoutAnyLine() {
        assertThat(text(RangeField.parse(List.of()))).isEqualTo("ABSENT");
    }

    @Test
    void selectsNothingForWhatIsIgnored() {
        RangeField ignored = RangeField.parse(List.of("lines=0-1"));

        assertThat(ignored.select(10, RangeLimits.defaults()))
                .isEqualTo(new RangeSelection.Whole(RangeOutcome.UNKNOWN_UNIT));
    }

    @Test
    void selectsWhatIsAsked() {
        RangeField asked = RangeField.parse(List.of("bytes=2-3"));

        assertThat(asked.select(10, RangeLimits.defaults())).isEqualTo(new RangeSelection.Single(new ByteRange(2, 3)));
        assertThat(asked.select(10, new RangeLimits(0, 0, 0, 0, 0)))
                .isEqualTo(new RangeSelection.Whole(RangeOutcome.RANGES_OFF));
    }

    @Test
    void callsLimitsRefusalsAndNothingElse() {
        Set<RangeOutcome> refusals = Arrays.stream(RangeOutcome.values())
                .filter(RangeOutcome::isRefusal)
                .collect(Collectors.toSet());

        assertThat(refusals)
                .containsExactlyInAnyOrder(
                        RangeOutcome.TOO_MANY_RANGES,
                        RangeOutcome.TOO_MANY_OVERLAPS,
                        RangeOutcome.TOO_MANY_DESCENDING,
                        RangeOutcome.LARGER_THAN_WHOLE);
    }

    private static String text(RangeField field) {
        return field instanceof RangeField.Ignored ignored ? ignored.why().toString() : "asked";
    }
}
