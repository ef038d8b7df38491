// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.List;
import java.util.Optional;

/** The {@code Range} field of a request, RFC 9110 §14.2: ranges that are asked, or the reason why there are none. */
public sealed interface RangeField {

    /** Returns what the field lines say; see {@link RangesSpecifier#parse} for what makes a set. */
    static RangeField parse(List<String> fieldLines) {
        if (fieldLines.isEmpty()) {
            return new Ignored(RangeOutcome.ABSENT);
        }
        Optional<RangeField> asked = RangesSpecifier.parse(fieldLines).map(Asked::new);
        return asked.orElseGet(() -> new Ignored(
                namesOtherUnit(FieldCursor.over(fieldLines)) ? RangeOutcome.UNKNOWN_UNIT : RangeOutcome.MALFORMED));
    }

    private static boolean namesOtherUnit(FieldCursor cursor) {
        String unit = cursor.skipWhitespace().token();
        return !unit.isEmpty() && !unit.equalsIgnoreCase("bytes") && cursor.skip('=');
    }

    /** Returns what to send, if nothing but the field decides; see {@link RangeSelection#select}. */
    RangeSelection select(long completeLength, RangeLimits limits);

    /**
     * A range set in bytes.
     *
     * @param ranges the set
     */
    record Asked(RangesSpecifier ranges) implements RangeField {
        @Override
        public RangeSelection select(long completeLength, RangeLimits limits) {
            return RangeSelection.select(ranges, completeLength, limits);
        }
    }

    /**
     * Nothing that can be obeyed.
     *
     * @param why the reason why it is not looked at, such as MALFORMED
     */
    record Ignored(RangeOutcome why) implements RangeField {
        @Override
        public RangeSelection select(long completeLength, RangeLimits limits) {
            return new RangeSelection.Whole(why);
        }
    }
}
