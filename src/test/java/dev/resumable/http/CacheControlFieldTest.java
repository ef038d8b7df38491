// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Cache-Control (RFC 9111 §5.2)")
final class CacheControlFieldTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no-store                            | true",
                "No-Store                            | true",
                "max-age=0, no-store                 | true",
                "private=\"set-cookie\" , no-store   | true",
                "no-store=1                          | true",
                "max-age = 5, no-store               | true",
                ",, no-store ,                       | true",
                "private=\"a\\\", no-store\"          | false",
                "private=\"no-store\"                | false",
                "ext=no-store                        | false",
                "no-storey                           | false",
                "no-cache                            | false",
                "=, no-store                         | true",
                "\"no-store\"                        | false",
            })
    @DisplayName("has a directive, whatever its case and its argument")
    void names(String value, boolean there) {
        assertThat(CacheControlField.parse(List.of(value)).has("no-store")).isEqualTo(there);
    }

    @Test
    @DisplayName("is one list over all its lines (RFC 9110 §5.3)")
    void lines() {
        CacheControlField field = CacheControlField.parse(List.of("no-cache", "no-transform"));
        assertThat(field.has("no-cache")).isTrue();
        assertThat(field.has("no-transform")).isTrue();
        assertThat(CacheControlField.parse(List.of()).has("no-cache")).isFalse();
    }
}
