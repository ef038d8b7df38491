// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.resumable.http.RangeSpec.IntRange;
import dev.resumable.http.RangeSpec.SuffixRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeSpecTest {
    private static final long MAX = Long.MAX_VALUE;

    @ParameterizedTest(name = "RFC 9110 §14.1.2: int-range {0}-{1} of {2} bytes is {3}-{4}")
    @CsvSource({
        "0, 0, 1, 0, 0",
        "0, 499, 10000, 0, 499",
        "500, 999, 10000, 500, 999",
        "9500, 9999, 10000, 9500, 9999",
        "9500, 10000, 10000, 9500, 9999",
        "9999, 9223372036854775807, 10000, 9999, 9999",
        "0, 9223372036854775807, 9223372036854775807, 0, 9223372036854775806"
    })
    void clampsIntRanges(long first, long last, long completeLength, long resolvedFirst, long resolvedLast) {
        assertThat(new IntRange(first, last).resolve(completeLength))
                .contains(new ByteRange(resolvedFirst, resolvedLast));
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.2: suffix-range -{0} of {1} bytes is {2}-{3}")
    @CsvSource({
        "1, 1, 0, 0",
        "500, 10000, 9500, 9999",
        "10000, 10000, 0, 9999",
        "10001, 10000, 0, 9999",
        "9223372036854775807, 10000, 0, 9999",
        "9223372036854775807, 9223372036854775807, 0, 9223372036854775806",
        "1, 9223372036854775807, 9223372036854775806, 9223372036854775806"
    })
    void clampsSuffixRanges(long length, long completeLength, long first, long last) {
        assertThat(new SuffixRange(length).resolve(completeLength)).contains(new ByteRange(first, last));
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.2: int-range from {0} of {1} bytes is unsatisfiable")
    @CsvSource({"0, 0", "1, 1", "10000, 10000", "10001, 10000", "9223372036854775807, 9223372036854775807"})
    void intRangesBehindTheEndAreUnsatisfiable(long first, long completeLength) {
        assertThat(new IntRange(first, MAX).resolve(completeLength)).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.2: suffix-range -{0} of {1} bytes is unsatisfiable")
    @CsvSource({"0, 0", "0, 1", "0, 9223372036854775807", "1, 0", "9223372036854775807, 0"})
    void suffixRangesOfNothingAreUnsatisfiable(long length, long completeLength) {
        assertThat(new SuffixRange(length).resolve(completeLength)).isEmpty();
    }

    @ParameterizedTest(name = "{0}-{1} is no int-range")
    @CsvSource({"-1, 0", "1, 0"})
    void refusesWhatIsNoIntRange(long first, long last) {
        assertThatIllegalArgumentException().isThrownBy(() -> new IntRange(first, last));
    }

    @ParameterizedTest(name = "-{0} is no suffix-range")
    @CsvSource({"-1", "-9223372036854775808"})
    void refusesANegativeSuffix(long length) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SuffixRange(length));
    }
}
