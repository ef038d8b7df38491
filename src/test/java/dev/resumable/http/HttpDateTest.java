// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @ParameterizedTest(name = "RFC 9110 §5.6.7: <{0}> is {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    Sun, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
                    Sunday, 06-Nov-94 08:49:37 GMT    | 1994-11-06T08:49:37Z
                    Sun Nov  6 08:49:37 1994          | 1994-11-06T08:49:37Z
                    Sun Nov 6 08:49:37 1994           | 1994-11-06T08:49:37Z
                    Wed Nov 16 08:49:37 1994          | 1994-11-16T08:49:37Z
                    Wed Nov 06 08:49:37 1994          | 1994-11-06T08:49:37Z
                    Thu, 01 Jan 1970 00:00:00 GMT     | 1970-01-01T00:00:00Z
                    Fri, 31 Dec 1999 23:59:59 GMT     | 1999-12-31T23:59:59Z
                    Fri, 31 Dec 9999 23:59:59 GMT     | 9999-12-31T23:59:59Z
                    Sat, 01 Jan 0000 00:00:00 GMT     | 0000-01-01T00:00:00Z
                    Thu, 29 Feb 2024 00:00:00 GMT     | 2024-02-29T00:00:00Z
                    Tue, 29 Feb 2000 00:00:00 GMT     | 2000-02-29T00:00:00Z
                    Tue, 28 Feb 2023 00:00:00 GMT     | 2023-02-28T00:00:00Z
                    Sun, 30 Apr 2023 00:00:00 GMT     | 2023-04-30T00:00:00Z
                    Sat, 31 Dec 2016 23:59:60 GMT     | 2017-01-01T00:00:00Z
                    ' \tSun, 06 Nov 1994 08:49:37 GMT\t ' | 1994-11-06T08:49:37Z
                    """)
    void readsTheThreeForms(String fieldValue, Instant time) {
        assertThat(HttpDate.parse(fieldValue, NOW)).contains(time);
    }

    @ParameterizedTest(name = "a wrong weekday is tolerated: {0}")
    @ValueSource(
            strings = {
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Tue, 06 Nov 1994 08:49:37 GMT",
                "Wed, 06 Nov 1994 08:49:37 GMT",
                "Thu, 06 Nov 1994 08:49:37 GMT",
                "Fri, 06 Nov 1994 08:49:37 GMT",
                "Sat, 06 Nov 1994 08:49:37 GMT",
                "Monday, 06-Nov-94 08:49:37 GMT",
                "Tuesday, 06-Nov-94 08:49:37 GMT",
                "Wednesday, 06-Nov-94 08:49:37 GMT",
                "Thursday, 06-Nov-94 08:49:37 GMT",
                "Friday, 06-Nov-94 08:49:37 GMT",
                "Saturday, 06-Nov-94 08:49:37 GMT",
                "Mon Nov  6 08:49:37 1994"
            })
    void toleratesAWrongWeekday(String fieldValue) {
        assertThat(HttpDate.parse(fieldValue, NOW)).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.7: <{0}> is no date")
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "-1",
                "784111777",
                "Sun",
                "Sunday",
                "Sun,",
                "Sunday,",
                "1994-11-06T08:49:37Z",
                "sun, 06 Nov 1994 08:49:37 GMT",
                "SUN, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 nov 1994 08:49:37 GMT",
                "Sun, 06 NOV 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 gmt",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 ",
                "Sun, 06 Nov 1994 08:49:37 GMT x",
                "Sun, 06 Nov 1994 08:49:37 GMTx",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun,06 Nov 1994 08:49:37 GMT",
                "Sun,  06 Nov 1994 08:49:37 GMT",
                "Sun 06 Nov 1994 08:49:37 GMT",
                "Xyz, 06 Nov 1994 08:49:37 GMT",
                ", 06 Nov 1994 08:49:37 GMT",
                "06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 006 Nov 1994 08:49:37 GMT",
                "Sun, +6 Nov 1994 08:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sun, 06 November 1994 08:49:37 GMT",
                "Sun, 06 11 1994 08:49:37 GMT",
                "Sun, 06  1994 08:49:37 GMT",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Sun, 06 Nov 19940 08:49:37 GMT",
                "Sun, 06 Nov -994 08:49:37 GMT",
                "Sun, 06 Nov 1994 8:49:37 GMT",
                "Sun, 06 Nov 1994 08:49 GMT",
                "Sun, 06 Nov 1994 08.49.37 GMT",
                "Sun, 06 Nov 1994 08:49.37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:60:00 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 06 Nov 1994 0a:49:37 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Thu, 31 Nov 1994 08:49:37 GMT",
                "Thu, 32 Dec 1994 08:49:37 GMT",
                "Wed, 29 Feb 2023 08:49:37 GMT",
                "Thu, 29 Feb 1900 08:49:37 GMT",
                "Sun, 06-Nov-94 08:49:37 GMT",
                "Sunday, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-1994 08:49:37 GMT",
                "Sunday, 06-Nov 94 08:49:37 GMT",
                "Sunday, 06 Nov-94 08:49:37 GMT",
                "Sunday, 06-Nov-94-08:49:37 GMT",
                "Sunday, 06-Xyz-94 08:49:37 GMT",
                "Sunday 06-Nov-94 08:49:37 GMT",
                "Sunday, 31-Nov-94 08:49:37 GMT",
                "Sunday, 29-Feb-23 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37",
                "Sunday, 06-Nov-94 24:49:37 GMT",
                "Sun Nov 6  08:49:37 1994",
                "Sun Nov 06  08:49:37 1994",
                "Sun Nov 006 08:49:37 1994",
                "Sun Nov   6 08:49:37 1994",
                "Sun  Nov  6 08:49:37 1994",
                "Sunday Nov  6 08:49:37 1994",
                "Sun Nov  6 08:49:37 1994 GMT",
                "Sun Nov  6 08:49:37 94",
                "Sun Nov  6 08:49:37-1994",
                "Sun Nov  608:49:37 1994",
                "Sun-Nov  6 08:49:37 1994",
                "Sun Nov- 6 08:49:37 1994",
                "Sun Nov 31 08:49:37 1994",
                "Sun Nov  6 25:49:37 1994",
                "Sun Nov ٦٦ 08:49:37 1994"
            })
    void refusesAnythingElse(String fieldValue) {
        assertThat(HttpDate.parse(fieldValue, NOW)).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.7: in 2026-06-15T12:00:00Z, <{0}> is {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    Sunday, 15-Jun-26 12:00:00 GMT | 2026-06-15T12:00:00Z
                    Sunday, 15-Jun-75 12:00:00 GMT | 2075-06-15T12:00:00Z
                    Sunday, 15-Jun-76 12:00:00 GMT | 2076-06-15T12:00:00Z
                    Sunday, 15-Jun-76 12:00:01 GMT | 1976-06-15T12:00:01Z
                    Sunday, 16-Jun-76 00:00:00 GMT | 1976-06-16T00:00:00Z
                    Sunday, 31-Dec-76 00:00:00 GMT | 1976-12-31T00:00:00Z
                    Sunday, 01-Jan-77 00:00:00 GMT | 1977-01-01T00:00:00Z
                    Sunday, 31-Dec-99 23:59:59 GMT | 1999-12-31T23:59:59Z
                    Sunday, 29-Feb-00 00:00:00 GMT | 2000-02-29T00:00:00Z
                    Sunday, 01-Jan-00 00:00:00 GMT | 2000-01-01T00:00:00Z
                    """)
    void placesATwoDigitYearAtMost50YearsAhead(String fieldValue, Instant time) {
        assertThat(HttpDate.parse(fieldValue, NOW)).contains(time);
    }

    @Test
    void aTwoDigitYearMayLieInTheNextCentury() {
        Instant late = Instant.parse("2090-01-01T00:00:00Z");
        assertThat(HttpDate.parse("Sunday, 06-Nov-39 08:49:37 GMT", late))
                .contains(Instant.parse("2139-11-06T08:49:37Z"));
        assertThat(HttpDate.parse("Sunday, 06-Nov-40 08:49:37 GMT", late))
                .contains(Instant.parse("2040-11-06T08:49:37Z"));
        // 2100 has no 29 February, so the date is one of no year within reach.
        assertThat(HttpDate.parse("Sunday, 29-Feb-00 00:00:00 GMT", late)).isEmpty();
    }

    @Test
    void readsTwoDigitYearsByTheClock() {
        assertThat(HttpDate.parse("Sunday, 06-Nov-94 08:49:37 GMT")).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.7: {0} is written {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    1994-11-06T08:49:37Z           | Sun, 06 Nov 1994 08:49:37 GMT
                    1994-11-06T08:49:37.999999999Z | Sun, 06 Nov 1994 08:49:37 GMT
                    1969-12-31T23:59:59.5Z         | Wed, 31 Dec 1969 23:59:59 GMT
                    0000-01-01T00:00:00Z           | Sat, 01 Jan 0000 00:00:00 GMT
                    -0001-12-31T23:59:59Z          | Sat, 01 Jan 0000 00:00:00 GMT
                    9999-12-31T23:59:59Z           | Fri, 31 Dec 9999 23:59:59 GMT
                    +10000-01-01T00:00:00Z         | Fri, 31 Dec 9999 23:59:59 GMT
                    """)
    void writesImfFixdate(Instant time, String fieldValue) {
        assertThat(HttpDate.format(time)).isEqualTo(fieldValue);
    }

    @Test
    void writesAndReadsAsTheFormatterOfTheJdkWould() {
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(9110);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L));
            assertThat(HttpDate.format(time)).isEqualTo(formatter.format(time));
            assertThat(HttpDate.parse(HttpDate.format(time))).contains(time);
        }
    }
}
