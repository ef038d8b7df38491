// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An {@code Accept} field, RFC 9110 §12.5.1: the media types that a client prefers for the answer. */
public final class AcceptField {
    private static final AcceptField EVERYTHING = new AcceptField(List.of());

    /** The most precise ranges first, of equally precise ones the best liked first. */
    private final List<MediaRange> ranges;

    private AcceptField(List<MediaRange> ranges) {
        this.ranges = ranges;
    }

    /**
     * Returns what the field lines accept together.
     *
     * <p>No line, no member or a value that is not well-formed as a whole accepts everything: an answer in another type
     * is of more use to a client than none.
     */
    public static AcceptField parse(List<String> lines) {
        FieldCursor cursor = FieldCursor.over(lines);
        List<MediaRange> ranges = new ArrayList<>();
        while (cursor.toNextMember()) {
            Optional<MediaRange> range = MediaRange.next(cursor);
            if (range.isEmpty() || !cursor.atMemberEnd()) {
                return EVERYTHING;
            }
            ranges.add(range.get());
        }
        ranges.sort(Comparator.comparing(MediaRange::precision)
                .thenComparing(MediaRange::weight)
                .reversed());
        return new AcceptField(ranges);
    }

    /**
     * Returns how much the client likes a media type without parameters, in thousandths from 0 (refused) to 1000.
     *
     * <p>The most precise media range that contains the type decides; a type in none of them is refused.
     */
    public int quality(String type, String subtype) {
        if (ranges.isEmpty()) {
            return Weight.FULL;
        }
        return ranges.stream()
                .filter(range -> range.contains(type, subtype))
                .findFirst()
                .map(MediaRange::weight)
                .orElse(0);
    }
}
