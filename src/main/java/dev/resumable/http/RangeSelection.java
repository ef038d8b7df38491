// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The decision which bytes of a representation a range set gets, RFC 9110 §14.2 and §15.3.7.
 *
 * <p>It is taken once preconditions and {@code If-Range} have passed; nothing here depends on them.
 */
public sealed interface RangeSelection {
    /**
     * Returns what to send of a representation of a known length.
     *
     * <p>Unsatisfiable members are dropped. Ranges that share a byte, also through a chain of others, become one range
     * at the place of the earliest asked of them; ranges that only touch stay apart and gaps are never filled
     * (RFC 9110 §15.3.7.2). The parts keep the order in which they were asked.
     *
     * <p>An empty representation has nothing to cut: it is sent whole for every set. A set past one of the limits is
     * answered with the whole representation as well. The number of members asked is looked at before any other work,
     * so the rest is {@code O(n log n)} in at most {@link RangeLimits#maxRanges()}.
     *
     * @param completeLength the length of the representation in bytes, not negative
     */
    static RangeSelection select(RangesSpecifier asked, long completeLength, RangeLimits limits) {
        if (completeLength < 0) {
            throw new IllegalArgumentException("Not a complete length: " + completeLength);
        }
        if (completeLength == 0) {
            return new Whole(RangeOutcome.NOTHING_TO_CUT);
        }
        if (limits.maxRanges() == 0) {
            return new Whole(RangeOutcome.RANGES_OFF);
        }
        if (asked.specs().size() > limits.maxRanges()) {
            return new Whole(RangeOutcome.TOO_MANY_RANGES);
        }
        List<ByteRange> satisfiable = asked.specs().stream()
                .flatMap(spec -> spec.resolve(completeLength).stream())
                .toList();
        return satisfiable.isEmpty() ? new Unsatisfiable() : cut(satisfiable, completeLength, limits);
    }

    private static RangeSelection cut(List<ByteRange> satisfiable, long completeLength, RangeLimits limits) {
        List<ByteRange> ranges = joinOverlapping(satisfiable);
        if (satisfiable.size() - ranges.size() > limits.maxOverlaps()) {
            return new Whole(RangeOutcome.TOO_MANY_OVERLAPS);
        }
        if (countDescending(satisfiable) > limits.maxDescending()) {
            return new Whole(RangeOutcome.TOO_MANY_DESCENDING);
        }
        if (ranges.size() == 1) {
            return new Single(ranges.get(0));
        }
        return isLargerThanWhole(ranges, completeLength, limits)
                ? new Whole(RangeOutcome.LARGER_THAN_WHOLE)
                : new Multipart(ranges);
    }

    private static List<ByteRange> joinOverlapping(List<ByteRange> asked) {
        List<Placed> byFirst = new ArrayList<>(asked.size());
        for (int place = 0; place < asked.size(); place++) {
            byFirst.add(new Placed(place, asked.get(place)));
        }
        byFirst.sort(Comparator.comparingLong(placed -> placed.range().first()));

        List<Placed> joined = new ArrayList<>(asked.size());
        for (Placed next : byFirst) {
            int end = joined.size() - 1;
            if (end >= 0 && joined.get(end).overlaps(next)) {
                joined.set(end, joined.get(end).joinedWith(next));
            } else {
                joined.add(next);
            }
        }
        joined.sort(Comparator.comparingInt(Placed::place));
        return joined.stream().map(Placed::range).toList();
    }

    private static int countDescending(List<ByteRange> asked) {
        int descending = 0;
        for (int i = 1; i < asked.size(); i++) {
            if (asked.get(i).first() < asked.get(i - 1).first()) {
                descending++;
            }
        }
        return descending;
    }

    private static boolean isLargerThanWhole(List<ByteRange> ranges, long completeLength, RangeLimits limits) {
        // The ranges are disjoint by now, so their sum cannot exceed the complete length: nothing here can overflow.
        long notSent =
                completeLength - ranges.stream().mapToLong(ByteRange::length).sum();
        long overhead = (long) ranges.size() * limits.partOverhead();
        return overhead - notSent > limits.allowance();
    }

    /**
     * Send the whole representation, as if no range had been asked.
     *
     * @param why what keeps the ranges from being sent
     */
    record Whole(RangeOutcome why) implements RangeSelection {}

    /**
     * Send one range as a single part (206 with {@code Content-Range}), RFC 9110 §15.3.7.1.
     *
     * @param range the bytes to send
     */
    record Single(ByteRange range) implements RangeSelection {}

    /**
     * Send several ranges as {@code multipart/byteranges}, RFC 9110 §15.3.7.2.
     *
     * @param ranges the parts in the order to send, two or more, no two of which share a byte
     */
    record Multipart(List<ByteRange> ranges) implements RangeSelection {
        /** Keeps a copy of the list and checks that it has two parts. */
        public Multipart {
            ranges = List.copyOf(ranges);
            if (ranges.size() < 2) {
                throw new IllegalArgumentException("A multipart selection has two or more ranges: " + ranges);
            }
        }
    }

    /** Send 416 with the complete length, RFC 9110 §15.5.17. */
    record Unsatisfiable() implements RangeSelection {}
}
