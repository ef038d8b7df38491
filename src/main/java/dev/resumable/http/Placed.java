// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/** A range and its place in the order asked, which joining must not lose. */
record Placed(int place, ByteRange range) {
    /** Tells whether a range that does not start before this one shares a byte with it. */
    boolean overlaps(Placed next) {
        return next.range.first() <= range.last();
    }

    /** Returns the span of both ranges at the earlier place of the two. */
    Placed joinedWith(Placed next) {
        long last = Math.max(range.last(), next.range.last());
        return new Placed(Math.min(place, next.place), new ByteRange(range.first(), last));
    }
}
