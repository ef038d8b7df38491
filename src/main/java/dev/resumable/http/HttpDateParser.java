// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Reads one date in any of the three forms of RFC 9110 §5.6.7.
 *
 * <p>The first part that is not well-formed clears {@link #wellFormed}; the parts after it are read all the same and
 * their values are never used.
 */
final class HttpDateParser {
    static final int SECONDS_OF_DAY = 86_400;

    private final FieldCursor cursor;
    private final Instant now;
    private boolean wellFormed = true;
    private int year;
    private int month;
    private int day;
    private int secondOfDay;

    HttpDateParser(String fieldValue, Instant now) {
        this.cursor = FieldCursor.over(fieldValue).skipWhitespace();
        this.now = now;
    }

    Optional<Instant> parse() {
        String weekday = cursor.run(FieldCursor::isAlpha);
        if (HttpDate.LONG_DAYS.contains(weekday)) {
            rfc850();
        } else if (!HttpDate.DAYS.contains(weekday)) {
            return Optional.empty();
        } else if (cursor.peek() == ',') {
            imfFixdate();
        } else {
            asctime();
        }
        wellFormed &= cursor.skipWhitespace().atEnd();
        return wellFormed ? existingDay() : Optional.empty();
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private void imfFixdate() {
        expect(", ");
        day = digits(2);
        expect(" ");
        month = month();
        expect(" ");
        year = digits(4);
        expect(" ");
        secondOfDay = time();
        expect(" GMT");
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
    private void rfc850() {
        expect(", ");
        day = digits(2);
        expect("-");
        month = month();
        expect("-");
        int yearOfCentury = digits(2);
        expect(" ");
        secondOfDay = time();
        expect(" GMT");
        year = wellFormed ? fullYear(yearOfCentury) : 0;
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private void asctime() {
        expect(" ");
        month = month();
        expect(" ");
        day = dayOfAsctime();
        expect(" ");
        secondOfDay = time();
        expect(" ");
        year = digits(4);
    }

    /** Two digits, or one behind a second space; or one alone: Undertow makes one space of several in every field. */
    private int dayOfAsctime() {
        boolean padded = cursor.skip(' ');
        int first = digits(1);
        return padded || cursor.peek() == ' ' ? first : 10 * first + digits(1);
    }

    /** The latest year that leaves the time at most 50 years in the future, RFC 9110 §5.6.7. */
    private int fullYear(int yearOfCentury) {
        LocalDateTime limit = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(50);
        int latest = limit.getYear() - Math.floorMod(limit.getYear() - yearOfCentury, 100);
        return epochSecond(latest) > limit.toEpochSecond(ZoneOffset.UTC) ? latest - 100 : latest;
    }

    private Optional<Instant> existingDay() {
        return day >= 1 && day <= YearMonth.of(year, month).lengthOfMonth()
                ? Optional.of(Instant.ofEpochSecond(epochSecond(year)))
                : Optional.empty();
    }

    private long epochSecond(int inYear) {
        // Counted from the first of the month, so that a day is not yet required to exist in that year.
        long epochDay = LocalDate.of(inYear, month, 1).toEpochDay() + day - 1;
        return epochDay * SECONDS_OF_DAY + secondOfDay;
    }

    private int month() {
        List<String> months = HttpDate.MONTHS;
        int found = months.indexOf(cursor.run(FieldCursor::isAlpha)) + 1;
        wellFormed &= found > 0;
        return found;
    }

    private int time() {
        int hour = digits(2);
        expect(":");
        int minute = digits(2);
        expect(":");
        int second = digits(2);
        // RFC 9110 §5.6.7: second 60 is a leap second.
        wellFormed &= hour <= 23 && minute <= 59 && second <= 60;
        return (hour * 60 + minute) * 60 + second;
    }

    private int digits(int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            int digit = cursor.next();
            wellFormed &= FieldCursor.isDigit(digit);
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    private void expect(String text) {
        for (int i = 0; i < text.length(); i++) {
            wellFormed &= cursor.skip(text.charAt(i));
        }
    }
}
