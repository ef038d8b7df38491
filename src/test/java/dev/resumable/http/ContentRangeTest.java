// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {
    @Test
    void writesWhatA206Says() {
        ContentRange satisfied = ContentRange.satisfied(new ByteRange(42, 1233), 1234);
        assertThat(satisfied).hasToString("bytes 42-1233/1234");
        assertThat(satisfied.range()).contains(new ByteRange(42, 1233));
        assertThat(satisfied.completeLength()).hasValue(1234);
    }

    @Test
    void writesWhatA416Says() {
        ContentRange unsatisfied = ContentRange.unsatisfied(1234);
        assertThat(unsatisfied).hasToString("bytes */1234");
        assertThat(unsatisfied.range()).isEmpty();
        assertThat(unsatisfied.completeLength()).hasValue(1234);
    }

    @ParameterizedTest(name = "RFC 9110 §14.4: <{0}> reads as <{1}>")
    @CsvSource({
        "bytes 42-1233/1234, bytes 42-1233/1234",
        "bytes 0-0/1, bytes 0-0/1",
        "bytes 42-1233/*, bytes 42-1233/*",
        "bytes */1234, bytes */1234",
        "bytes */0, bytes */0",
        "BYTES 0-0/1, bytes 0-0/1",
        "bytes 007-008/009, bytes 7-8/9",
        "' bytes 0-0/1\t', bytes 0-0/1",
        "bytes 0-9223372036854775806/9223372036854775807, bytes 0-9223372036854775806/9223372036854775807",
        "bytes 0-9223372036854775806/*, bytes 0-9223372036854775806/*"
    })
    void readsWellFormedValues(String fieldValue, String written) {
        assertThat(ContentRange.parse(fieldValue))
                .hasValueSatisfying(range -> assertThat(range).hasToString(written));
    }

    @ParameterizedTest(name = "RFC 9110 §14.4: <{0}> must not be used")
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes ",
                "bytes 0-0",
                "bytes 0-0/",
                "bytes 0/1",
                "bytes -1/1",
                "bytes 0-/1",
                "bytes /1",
                "bytes *",
                "bytes */",
                "bytes */*",
                "bytes *1",
                "bytes * /1",
                "bytes=0-0/1",
                "bytes=*/1",
                "bytes  0-0/1",
                "bytes\t0-0/1",
                "bytes 0 -0/1",
                "bytes 0- 0/1",
                "bytes 0-0 /1",
                "bytes 0-0/ 1",
                "bytes 0-0/1 x",
                "bytes 0-0/1, bytes 0-0/1",
                "bytes +0-0/1",
                "bytes 0-+0/1",
                "bytes 0-0/+1",
                "bytes */-1",
                "bytes */1x",
                "bytes 0-0/*x",
                "items 0-0/1",
                "bytes 1-0/2",
                "bytes 1-0/*",
                "bytes 0-1/1",
                "bytes 0-5/5",
                "bytes 0-0/0",
                "bytes 0-9223372036854775807/*",
                "bytes 0-9223372036854775808/*",
                "bytes 9223372036854775808-9223372036854775809/*",
                "bytes 0-0/9223372036854775808",
                "bytes */9223372036854775808",
                "bytes 18446744073709551616-18446744073709551616/18446744073709551617"
            })
    void refusesMalformedAndInvalidValues(String fieldValue) {
        assertThat(ContentRange.parse(fieldValue)).isEmpty();
    }

    @Test
    void cannotBeMadeInvalid() {
        ByteRange range = new ByteRange(0, 9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContentRange.satisfied(range, 9))
                .withMessageContaining("bytes 0-9/9");
        assertThatIllegalArgumentException().isThrownBy(() -> ContentRange.unsatisfied(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ContentRange(Optional.empty(), OptionalLong.empty()));
        assertThat(ContentRange.satisfied(range, 10)).hasToString("bytes 0-9/10");
        assertThat(ContentRange.unsatisfied(0)).hasToString("bytes */0");
        assertThat(new ContentRange(Optional.of(range), OptionalLong.empty())).hasToString("bytes 0-9/*");
    }
}
