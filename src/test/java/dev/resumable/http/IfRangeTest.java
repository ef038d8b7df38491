// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.IfRange.Absent;
import dev.resumable.http.IfRange.Date;
import dev.resumable.http.IfRange.Tag;
import dev.resumable.http.IfRange.Unusable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IfRangeTest {
    private static final Instant CHANGED = Instant.parse("1994-11-06T08:49:37Z");
    private static final Instant LATER = CHANGED.plusSeconds(3600);
    private static final EntityTag TAG = EntityTag.strong("v1");

    @Test
    void readsTags() {
        assertThat(IfRange.parse(List.of("\"v1\""))).isEqualTo(new Tag(TAG));
        assertThat(IfRange.parse(List.of(" W/\"v1\" "))).isEqualTo(new Tag(EntityTag.weak("v1")));
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.5: <{0}> is a date")
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", " Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void readsDates(String line) {
        assertThat(IfRange.parse(List.of(line))).isEqualTo(new Date(CHANGED));
    }

    @Test
    void noLineIsAbsent() {
        assertThat(IfRange.parse(List.of())).isEqualTo(new Absent());
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.5: <{0}> names no state")
    @ValueSource(
            strings = {
                "",
                "*",
                "v1",
                "\"v1",
                "\"v1\", \"v2\"",
                "\"v1\"⏎\"v1\"",
                "\"v1\"⏎",
                "Sun, 06 Nov 1994",
                "Sun, 06 Nov 1994 08:49:37 GMT⏎Sun, 06 Nov 1994 08:49:37 GMT",
                "w/\"v1\""
            })
    void anythingElseIsUnusable(String lines) {
        assertThat(IfRange.parse(FieldText.lines(lines))).isEqualTo(new Unusable());
    }

    @Test
    void absentHoldsAndUnusableDoesNot() {
        assertThat(new Absent().holds(Validators.none(), LATER)).isTrue();
        assertThat(new Absent().holds(Validators.of(TAG, CHANGED), LATER)).isTrue();
        assertThat(new Unusable().holds(Validators.none(), LATER)).isFalse();
        assertThat(new Unusable().holds(Validators.of(TAG, CHANGED), LATER)).isFalse();
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.5: {0} for a current {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    "v1"   | "v1"   | true
                    "v1"   | "v2"   | false
                    W/"v1" | "v1"   | false
                    "v1"   | W/"v1" | false
                    W/"v1" | W/"v1" | false
                    """)
    void comparesTagsStrongly(String asked, String current, boolean holds) {
        Validators validators = Validators.of(EntityTag.parse(current).orElseThrow());
        assertThat(IfRange.parse(List.of(asked)).holds(validators, LATER)).isEqualTo(holds);
    }

    @Test
    void comparesWithEveryTagOfTheState() {
        Validators current = new Validators(Optional.of(EntityTag.strong("v2")), List.of(TAG), Optional.empty());
        assertThat(new Tag(TAG).holds(current, LATER)).isTrue();
        assertThat(new Tag(TAG).holds(Validators.none(), LATER)).isFalse();
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.5: a date {0} s from the last change: {1}")
    @CsvSource({"0, true", "-1, false", "1, false", "86400, false"})
    void comparesDatesExactly(long secondsOff, boolean holds) {
        IfRange condition = new Date(CHANGED.plusSeconds(secondsOff));
        assertThat(condition.holds(Validators.of(TAG, CHANGED), CHANGED.plusSeconds(1_000_000)))
                .isEqualTo(holds);
    }

    @ParameterizedTest(name = "RFC 9110 §8.8.2.2: {0} ms after the last change a date is strong: {1}")
    @CsvSource({"-5000, false", "0, false", "1, false", "999, false", "1000, true", "1001, true", "60000, true"})
    void aDateIsStrongOnlyAfterASecond(long age, boolean holds) {
        assertThat(new Date(CHANGED).holds(Validators.of(TAG, CHANGED), CHANGED.plusMillis(age)))
                .isEqualTo(holds);
    }

    @Test
    void aDateNeedsATimeOfChange() {
        assertThat(new Date(CHANGED).holds(Validators.of(TAG), LATER)).isFalse();
    }

    @Test
    void aDateIsComparedInWholeSeconds() {
        Validators current = Validators.of(TAG, CHANGED.plusMillis(700));
        assertThat(new Date(CHANGED).holds(current, LATER)).isTrue();
    }
}
