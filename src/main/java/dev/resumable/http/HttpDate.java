// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The date of fields such as {@code Last-Modified}, RFC 9110 §5.6.7, in whole seconds of UTC.
 *
 * <p>Written by hand rather than with {@code DateTimeFormatter}: a date is formatted for every response.
 */
public final class HttpDate {
    private static final long FIRST_SECOND = LocalDate.of(0, 1, 1).toEpochDay() * HttpDateParser.SECONDS_OF_DAY;
    private static final long LAST_SECOND = LocalDate.of(10_000, 1, 1).toEpochDay() * HttpDateParser.SECONDS_OF_DAY - 1;

    static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    static final List<String> LONG_DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private HttpDate() {}

    /**
     * Returns the time that a field value states in one of the three forms; empty for anything else.
     *
     * <p>The forms are IMF-fixdate, RFC 850 and asctime, all case-sensitive; {@code OWS} around is allowed. A wrong
     * name of the weekday is tolerated, an unknown one or a day that does not exist is not; the day of asctime may lack
     * its padding. A leap second is the second after it. A two-digit year is the latest one that does not lie more than
     * 50 years in the future.
     */
    public static Optional<Instant> parse(String fieldValue) {
        return parse(fieldValue, Instant.now());
    }

    static Optional<Instant> parse(String fieldValue, Instant now) {
        return new HttpDateParser(fieldValue, now).parse();
    }

    /**
     * Returns the time as an IMF-fixdate, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}.
     *
     * <p>The fraction of the second is dropped. A time outside of the years 0 to 9999 is moved to the nearest second
     * that the form can carry.
     */
    public static String format(Instant time) {
        long second = Math.max(FIRST_SECOND, Math.min(time.getEpochSecond(), LAST_SECOND));
        LocalDateTime utc = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS.get(utc.getDayOfWeek().getValue() - 1)).append(", ");
        appendTwoDigits(text, utc.getDayOfMonth()).append(' ');
        text.append(MONTHS.get(utc.getMonthValue() - 1)).append(' ');
        appendTwoDigits(text, utc.getYear() / 100);
        appendTwoDigits(text, utc.getYear() % 100).append(' ');
        appendTwoDigits(text, utc.getHour()).append(':');
        appendTwoDigits(text, utc.getMinute()).append(':');
        return appendTwoDigits(text, utc.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder appendTwoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
