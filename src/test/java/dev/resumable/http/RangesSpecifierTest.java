// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.resumable.http.RangeSpec.IntRange;
import dev.resumable.http.RangeSpec.SuffixRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangesSpecifierTest {
    @ParameterizedTest(name = "RFC 9110 §14.1.2: <{0}> asks for {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    bytes=0-499                 | 0-499
                    bytes=0-0                   | 0-0
                    bytes=9500-                 | 9500-
                    bytes=-500                  | -500
                    bytes=-0                    | -0
                    bytes=0-0,-1                | 0-0 -1
                    bytes=0-999, 4500-5499, -10 | 0-999 4500-5499 -10
                    bytes=3-4,1-2,3-4           | 3-4 1-2 3-4
                    bytes=007-008               | 7-8
                    """)
    void readsRangeSets(String line, String specs) {
        assertThat(parsed(line)).isEqualTo(specs);
    }

    @ParameterizedTest(name = "RFC 9110 §14.1: the unit of <{0}> is bytes")
    @ValueSource(strings = {"bytes=1-2", "BYTES=1-2", "Bytes=1-2", "bYtEs=1-2"})
    void theUnitIsCaseInsensitive(String line) {
        assertThat(parsed(line)).isEqualTo("1-2");
    }

    @ParameterizedTest(name = "RFC 9110 §14.2: <{0}> has no known unit")
    @ValueSource(
            strings = {
                "items=0-5",
                "byte=0-5",
                "bytess=0-5",
                "=0-5",
                "0-5",
                "none",
                "seconds=1.5-2",
                "byteſ=0-5",
                "bytes",
                "\"bytes\"=0-5"
            })
    void ignoresOtherUnits(String line) {
        assertThat(parsed(line)).isEqualTo("(ignored)");
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.1.2: whitespace and empty list elements in <{0}>")
    @ValueSource(
            strings = {
                "bytes=1-2,-3",
                "bytes=1-2, -3",
                "bytes=1-2 ,-3",
                "bytes=1-2\t \t,\t \t-3",
                "bytes=,1-2,-3",
                "bytes= ,1-2,-3",
                "bytes=\t, 1-2,-3",
                "bytes=,, ,1-2,,,-3,, ,",
                " \tbytes=1-2,-3 \t",
                "bytes=1-2,-3, "
            })
    void allowsWhitespaceAndNothingAroundCommas(String line) {
        assertThat(parsed(line)).isEqualTo("1-2 -3");
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.1: <{0}> is malformed as a whole")
    @ValueSource(
            strings = {
                "",
                " ",
                "bytes=",
                "bytes= ",
                "bytes=,",
                "bytes= , ,",
                "bytes =0-5",
                "bytes= 0-5",
                "bytes=\t0-5",
                "bytes=0 -5",
                "bytes=0- 5",
                "bytes=0 - 5",
                "bytes=- 5",
                "bytes=0-5 6-7",
                "bytes=0-5;6-7",
                "bytes=0",
                "bytes=-",
                "bytes=--5",
                "bytes=-5-",
                "bytes=-5-6",
                "bytes=0--5",
                "bytes=0-5-",
                "bytes=0-5-6",
                "bytes=+0-5",
                "bytes=0-+5",
                "bytes=-+5",
                "bytes=0x0-5",
                "bytes=0-5x",
                "bytes=a-b",
                "bytes=1.0-5",
                "bytes=٠-٥",
                "bytes==0-5",
                "bytes=\"0-5\"",
                "bytes=*",
                "bytes:0-5",
                "bytes=5-4",
                "bytes=1-0",
                "bytes=0-5,5-4",
                "bytes=5-4,0-5",
                "bytes=0-5,x",
                "bytes=x,0-5",
                "bytes=0-5,bytes=6-7",
                "bytes=0-5\n"
            })
    void ignoresASetWithAnyMalformedPart(String line) {
        assertThat(parsed(line)).isEqualTo("(ignored)");
    }

    @Test
    void noLineIsIgnored() {
        assertThat(RangesSpecifier.parse(List.of())).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §5.3: the lines <{0}> combine to {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    bytes=0-1⏎bytes=2-3 | (ignored)
                    bytes=0-1⏎bytes=0-1 | (ignored)
                    bytes=0-1⏎2-3       | 0-1 2-3
                    bytes=0-1⏎x         | (ignored)
                    """)
    void combinesLines(String lines, String specs) {
        assertThat(rendered(FieldText.lines(lines))).isEqualTo(specs);
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.2: numbers of any length: <{0}>")
    @CsvSource({
        "bytes=0-9223372036854775806, 0, 9223372036854775806",
        "bytes=0-9223372036854775807, 0, 9223372036854775807",
        "bytes=0-9223372036854775808, 0, 9223372036854775807",
        "bytes=0-18446744073709551615, 0, 9223372036854775807",
        "bytes=0-18446744073709551616, 0, 9223372036854775807",
        "bytes=18446744073709551616-, 9223372036854775807, 9223372036854775807",
        "bytes=18446744073709551616-18446744073709551616, 9223372036854775807, 9223372036854775807",
        "bytes=99999999999999999999-100000000000000000000, 9223372036854775807, 9223372036854775807"
    })
    void saturatesLargeNumbers(String line, long first, long last) {
        assertThat(RangesSpecifier.parse(List.of(line)))
                .contains(new RangesSpecifier(List.of(new IntRange(first, last))));
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.1: last below first is invalid, whatever the size: <{0}>")
    @ValueSource(
            strings = {
                "bytes=18446744073709551617-18446744073709551616",
                "bytes=100000000000000000000-99999999999999999999",
                "bytes=18446744073709551616-0",
                "bytes=9223372036854775808-9223372036854775807"
            })
    void decidesTheOrderOfLargeNumbersExactly(String line) {
        assertThat(parsed(line)).isEqualTo("(ignored)");
    }

    @Test
    void saturatesALargeSuffix() {
        assertThat(RangesSpecifier.parse(List.of("bytes=-99999999999999999999")))
                .contains(new RangesSpecifier(List.of(new SuffixRange(Long.MAX_VALUE))));
    }

    @Test
    void isNeverEmptyAndKeepsACopy() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RangesSpecifier(List.of()));
        List<RangeSpec> specs = new ArrayList<>(List.of(new SuffixRange(1)));
        RangesSpecifier specifier = new RangesSpecifier(specs);
        specs.clear();
        assertThat(specifier.specs()).containsExactly(new SuffixRange(1));
    }

    private static String parsed(String line) {
        return rendered(List.of(line));
    }

    private static String rendered(List<String> lines) {
        return RangesSpecifier.parse(lines)
                .map(specifier -> specifier.specs().stream()
                        .map(RangesSpecifierTest::rendered)
                        .collect(Collectors.joining(" ")))
                .orElse("(ignored)");
    }

    private static String rendered(RangeSpec spec) {
        if (spec instanceof IntRange range) {
            return range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : range.last());
        }
        return "-" + ((SuffixRange) spec).length();
    }
}
