// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @ParameterizedTest(name = "RFC 9110 §14.1.2: {0}-{1} is {2} bytes long")
    @CsvSource({"0, 0, 1", "0, 499, 500", "7, 9, 3", "0, 9223372036854775806, 9223372036854775807"})
    void countsBothEnds(long first, long last, long length) {
        assertThat(new ByteRange(first, last).length()).isEqualTo(length);
    }

    @ParameterizedTest(name = "{0}-{1} is not a range")
    @CsvSource({"-1, 0", "1, 0", "-2, -1", "0, 9223372036854775807", "9223372036854775807, 9223372036854775807"})
    void refusesWhatIsNoRange(long first, long last) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteRange(first, last));
    }
}
