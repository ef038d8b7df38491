// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A set of media ranges without parameters, such as {@code video/*} and {@code text/html}, RFC 9110 §12.5.1. */
public final class MediaRanges {

    private final List<MediaRange> ranges;

    private MediaRanges(List<MediaRange> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Returns the set of the given ranges; empty if one of them is not well-formed or has parameters. */
    public static Optional<MediaRanges> of(Collection<String> texts) {
        List<MediaRange> ranges = new ArrayList<>(texts.size());
        for (String text : texts) {
            FieldCursor cursor = FieldCursor.over(text);
            Optional<MediaRange> range = MediaRange.next(cursor);
            if (range.isEmpty() || !cursor.atEnd() || text.indexOf(';') >= 0) {
                return Optional.empty();
            }
            ranges.add(range.get());
        }
        return Optional.of(new MediaRanges(ranges));
    }

    /** Tells whether a {@code Content-Type} is in one of the ranges; its parameters do not count. */
    public boolean contain(String contentType) {
        FieldCursor cursor = FieldCursor.over(contentType).skipWhitespace();
        String type = cursor.token();
        if (!cursor.skip('/')) {
            return false;
        }
        String subtype = cursor.token();
        return ranges.stream().anyMatch(range -> range.contains(type, subtype));
    }

    /** Tells whether there is no range at all. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }
}
