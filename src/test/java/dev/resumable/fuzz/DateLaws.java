// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;
import static java.time.temporal.ChronoField.YEAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.HttpDate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The laws of {@link HttpDate}: writing what was read and reading it again gives the same second, and the forms of four
 * digits for the year are read as java.time reads them.
 */
final class DateLaws {
    private static final Pattern FORM = Pattern.compile(
            "[ \\t]*+(?:(?<imf>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<imfDate>.{20}) GMT)"
                    + "|(?<asc>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<ascDate>.{19,20}))"
                    + "|(?<old>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, .{2}-.{3}-(?<oldYear>[0-9]{2}) .{8} GMT))"
                    + "[ \\t]*+",
            Pattern.DOTALL);
    private static final Map<Long, String> MONTHS = months();
    private static final DateTimeFormatter IMF_FIXDATE = start(new DateTimeFormatterBuilder()
            .appendValue(DAY_OF_MONTH, 2)
            .appendLiteral(' ')
            .appendText(MONTH_OF_YEAR, MONTHS)
            .appendLiteral(' ')
            .appendValue(YEAR, 4)
            .appendLiteral(' '));
    private static final DateTimeFormatter ASCTIME = new DateTimeFormatterBuilder()
            .appendText(MONTH_OF_YEAR, MONTHS)
            .appendLiteral(' ')
            .appendValue(DAY_OF_MONTH, 2)
            .appendLiteral(' ')
            .append(start(new DateTimeFormatterBuilder()))
            .appendLiteral(' ')
            .appendValue(YEAR, 4)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private DateLaws() {}

    static void check(byte[] input) {
        String value = FieldInput.text(input);
        Optional<Instant> read = HttpDate.parse(value);
        read.ifPresent(DateLaws::checkWriting);
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            assertThat(read).as("a date in no form").isEmpty();
        } else if (form.group("old") != null) {
            read.ifPresent(time -> checkYear(time, Integer.parseInt(form.group("oldYear"))));
        } else {
            assertThat(read).isEqualTo(form.group("imf") != null ? imfFixdate(form) : asctime(form));
        }
    }

    private static void checkWriting(Instant time) {
        assertThat(time.getNano()).isZero();
        String written = HttpDate.format(time);
        assertThat(written).hasSize(29).endsWith(" GMT");
        // The leap second of the last day is the one that belongs to a year of five digits.
        Instant last = Instant.parse("9999-12-31T23:59:59Z");
        assertThat(HttpDate.parse(written)).contains(time.isAfter(last) ? last : time);
    }

    /** RFC 9110 §5.6.7: the latest year with these digits that is at most 50 years ahead. */
    private static void checkYear(Instant time, int yearOfCentury) {
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
        // A leap second may lead into the next year, and the clock goes on between here and there.
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC).minusSeconds(1);
        assertThat(List.of(utc.getYear() % 100, utc.plusSeconds(1).getYear() % 100))
                .contains(yearOfCentury);
        assertThat(utc)
                .isBetween(now.minusYears(50).minusDays(1), now.plusYears(50).plusDays(1));
    }

    private static Optional<Instant> imfFixdate(Matcher form) {
        return reading(form.group("imfDate"), IMF_FIXDATE, 17);
    }

    private static Optional<Instant> asctime(Matcher form) {
        String date = form.group("ascDate");
        // A day of one digit may have its padding or may have lost it.
        int day = date.charAt(4) == ' ' ? 5 : 4;
        boolean single = date.startsWith(" ", day + 1);
        String padded = single ? date.substring(0, 4) + '0' + date.substring(day) : date;
        return reading(padded, ASCTIME, 12);
    }

    /** Second 60 is the second behind 59, RFC 9110 §5.6.7. */
    private static Optional<Instant> reading(String date, DateTimeFormatter form, int seconds) {
        boolean leap = date.startsWith(":60", seconds);
        String existing = leap ? date.substring(0, seconds) + ":59" + date.substring(seconds + 3) : date;
        try {
            Instant time = LocalDateTime.parse(existing, form).toInstant(ZoneOffset.UTC);
            return Optional.of(time.plusSeconds(leap ? 1 : 0));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter start(DateTimeFormatterBuilder date) {
        return date.appendValue(HOUR_OF_DAY, 2)
                .appendLiteral(':')
                .appendValue(MINUTE_OF_HOUR, 2)
                .appendLiteral(':')
                .appendValue(SECOND_OF_MINUTE, 2)
                .toFormatter()
                .withResolverStyle(ResolverStyle.STRICT);
    }

    private static Map<Long, String> months() {
        return Map.ofEntries(
                Map.entry(1L, "Jan"),
                Map.entry(2L, "Feb"),
                Map.entry(3L, "Mar"),
                Map.entry(4L, "Apr"),
                Map.entry(5L, "May"),
                Map.entry(6L, "Jun"),
                Map.entry(7L, "Jul"),
                Map.entry(8L, "Aug"),
                Map.entry(9L, "Sep"),
                Map.entry(10L, "Oct"),
                Map.entry(11L, "Nov"),
                Map.entry(12L, "Dec"));
    }
}
