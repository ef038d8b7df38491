// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalNumberTest {
    @ParameterizedTest(name = "RFC 9110 §14.1.2: {0} is {1}")
    @CsvSource({
        "0, 0",
        "000, 0",
        "1, 1",
        "10, 10",
        "0000000000000000000000000000042, 42",
        "999999999999999999, 999999999999999999",
        "9223372036854775806, 9223372036854775806",
        "9223372036854775807, 9223372036854775807"
    })
    void readsWhatFitsIntoALong(String digits, long value) {
        DecimalNumber number = new DecimalNumber(digits);
        assertThat(number.exact()).isEqualTo(OptionalLong.of(value));
        assertThat(number.saturated()).isEqualTo(value);
    }

    @ParameterizedTest(name = "RFC 9110 §14.1.2: {0} is beyond a long")
    @ValueSource(
            strings = {
                "9223372036854775808",
                "9999999999999999999",
                "10000000000000000000",
                "18446744073709551615",
                "18446744073709551616",
                "18446744073709551617",
                "100000000000000000000000000000000000000000"
            })
    void saturatesWhatDoesNot(String digits) {
        DecimalNumber number = new DecimalNumber(digits);
        assertThat(number.exact()).isEmpty();
        assertThat(number.saturated()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest(name = "{0} is below {1}")
    @CsvSource({
        "0, 1",
        "9, 10",
        "0009, 10",
        "19, 20",
        "9223372036854775808, 9223372036854775809",
        "99999999999999999999, 100000000000000000000"
    })
    void comparesByValue(String smaller, String larger) {
        assertThat(new DecimalNumber(smaller)).isLessThan(new DecimalNumber(larger));
        assertThat(new DecimalNumber(larger)).isGreaterThan(new DecimalNumber(smaller));
    }

    @Test
    void leadingZerosDoNotCount() {
        assertThat(new DecimalNumber("007")).isEqualTo(new DecimalNumber("7"));
        assertThat(new DecimalNumber("007")).isEqualByComparingTo(new DecimalNumber("07"));
    }
}
