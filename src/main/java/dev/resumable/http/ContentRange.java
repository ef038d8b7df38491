// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A {@code Content-Range} field in the unit {@code bytes}, RFC 9110 §14.4.
 *
 * @param range the bytes enclosed; empty in a 416, where only the complete length is told
 * @param completeLength the length of the whole representation; empty if unknown ({@code *})
 */
public record ContentRange(Optional<ByteRange> range, OptionalLong completeLength) {
    private static final String UNIT = "bytes";

    /** Checks that at least one of both is there and that the range lies within the complete length. */
    public ContentRange {
        if (!isValid(range, completeLength)) {
            throw new IllegalArgumentException("Not a content range: " + format(range, completeLength));
        }
    }

    /** Returns the field of a 206 for a range of a representation of a known length, {@code bytes 0-499/1234}. */
    public static ContentRange satisfied(ByteRange range, long completeLength) {
        return new ContentRange(Optional.of(range), OptionalLong.of(completeLength));
    }

    /** Returns the field of a 416, {@code bytes *}{@code /1234}. */
    public static ContentRange unsatisfied(long completeLength) {
        return new ContentRange(Optional.empty(), OptionalLong.of(completeLength));
    }

    /**
     * Returns the content range that a field value states, also with an unknown length ({@code bytes 0-499}{@code /*}).
     *
     * <p>Empty if the unit is another one, the value is malformed, a number does not fit into a {@code long}, or the
     * value is invalid (last below first, or not below the complete length): such a part must not be combined with
     * another.
     */
    public static Optional<ContentRange> parse(String fieldValue) {
        FieldCursor cursor = FieldCursor.over(fieldValue).skipWhitespace();
        if (!cursor.token().equalsIgnoreCase(UNIT) || !cursor.skip(' ')) {
            return Optional.empty();
        }
        Optional<ContentRange> parsed = cursor.skip('*') ? unsatisfiedLength(cursor) : rangeResponse(cursor);
        return parsed.filter(any -> cursor.skipWhitespace().atEnd());
    }

    private static Optional<ContentRange> unsatisfiedLength(FieldCursor cursor) {
        OptionalLong completeLength = cursor.skip('/') ? exactNumber(cursor) : OptionalLong.empty();
        return completeLength.isPresent() ? Optional.of(unsatisfied(completeLength.getAsLong())) : Optional.empty();
    }

    private static Optional<ContentRange> rangeResponse(FieldCursor cursor) {
        OptionalLong first = exactNumber(cursor);
        OptionalLong last = cursor.skip('-') ? exactNumber(cursor) : OptionalLong.empty();
        if (first.isEmpty() || last.isEmpty() || !cursor.skip('/')) {
            return Optional.empty();
        }
        if (cursor.skip('*')) {
            return ofValid(first.getAsLong(), last.getAsLong(), OptionalLong.empty());
        }
        OptionalLong completeLength = exactNumber(cursor);
        return completeLength.isPresent()
                ? ofValid(first.getAsLong(), last.getAsLong(), completeLength)
                : Optional.empty();
    }

    private static Optional<ContentRange> ofValid(long first, long last, OptionalLong completeLength) {
        // RFC 9110 §14.4: a recipient must not combine parts by an invalid value. The bound is that of ByteRange.
        if (last < first || last >= completeLength.orElse(Long.MAX_VALUE)) {
            return Optional.empty();
        }
        return Optional.of(new ContentRange(Optional.of(new ByteRange(first, last)), completeLength));
    }

    private static OptionalLong exactNumber(FieldCursor cursor) {
        return cursor.number().map(DecimalNumber::exact).orElse(OptionalLong.empty());
    }

    private static boolean isValid(Optional<ByteRange> range, OptionalLong completeLength) {
        if (range.isEmpty()) {
            return completeLength.isPresent() && completeLength.getAsLong() >= 0;
        }
        return range.get().last() < completeLength.orElse(Long.MAX_VALUE);
    }

    /** Returns the field value. */
    @Override
    public String toString() {
        return format(range, completeLength);
    }

    private static String format(Optional<ByteRange> range, OptionalLong completeLength) {
        String positions =
                range.map(bytes -> bytes.first() + "-" + bytes.last()).orElse("*");
        String length = completeLength.isPresent() ? Long.toString(completeLength.getAsLong()) : "*";
        return UNIT + ' ' + positions + '/' + length;
    }
}
