// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalRequestTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Instant TIME = Instant.parse("1994-11-06T08:49:37Z");

    @Test
    void noneHasNoCondition() {
        assertThat(ConditionalRequest.none())
                .isEqualTo(new ConditionalRequest(
                        new TagCondition.Absent(),
                        new TagCondition.Absent(),
                        Optional.empty(),
                        Optional.empty(),
                        new IfRange.Absent()));
        assertThat(parsed(Map.of())).isEqualTo(ConditionalRequest.none());
    }

    @Test
    void readsEachConditionFromItsField() {
        ConditionalRequest request = parsed(Map.of(
                "If-Match", List.of("\"a\"", "\"b\""),
                "If-None-Match", List.of("*"),
                "If-Modified-Since", List.of(DATE),
                "If-Unmodified-Since", List.of("Sun, 06 Nov 1994 08:49:38 GMT"),
                "If-Range", List.of("\"c\"")));
        assertThat(request)
                .isEqualTo(new ConditionalRequest(
                        new TagCondition.Listed(List.of(EntityTag.strong("a"), EntityTag.strong("b"))),
                        new TagCondition.Any(),
                        Optional.of(TIME),
                        Optional.of(TIME.plusSeconds(1)),
                        new IfRange.Tag(EntityTag.strong("c"))));
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.3, §13.1.4: <{0}> is not one date")
    @ValueSource(strings = {"", "0", "tomorrow", DATE + "⏎" + DATE, DATE + ", " + DATE, DATE + "⏎"})
    void datesThatAreNotOneDateAreAbsent(String lines) {
        ConditionalRequest request = parsed(
                Map.of("If-Modified-Since", FieldText.lines(lines), "If-Unmodified-Since", FieldText.lines(lines)));
        assertThat(request).isEqualTo(ConditionalRequest.none());
    }

    private static ConditionalRequest parsed(Map<String, List<String>> fields) {
        return ConditionalRequest.parse(name -> fields.getOrDefault(name, List.of()));
    }
}
