// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code Range} field in the unit {@code bytes}, RFC 9110 §14.2: the range set that was asked, in its order.
 *
 * <p>It is parsed without the complete length, so that "not well-formed" (ignore the field) and "unsatisfiable"
 * (416) never look alike; see {@link RangeSelection} for the decision.
 *
 * @param specs the members of the range set, at least one
 */
public record RangesSpecifier(List<RangeSpec> specs) {
    /** Keeps a copy of the list and checks that it has a member. */
    public RangesSpecifier {
        specs = List.copyOf(specs);
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("A range set has at least one member");
        }
    }

    /**
     * Returns the range set that the field lines ask for; empty if the field is to be ignored.
     *
     * <p>Ignored alike are: no line, another range unit (RFC 9110 §14.2), and a set of which any part is malformed.
     * Several lines are combined as RFC 9110 §5.3 says, which leaves two complete values malformed. The unit is
     * case-insensitive (§14.1); numbers may have any length (§14.1.2) but no sign; {@code OWS} is allowed around list
     * commas only; empty list elements are allowed (§5.6.1.2).
     */
    public static Optional<RangesSpecifier> parse(List<String> fieldLines) {
        FieldCursor cursor = FieldCursor.over(fieldLines).skipWhitespace();
        if (!cursor.token().equalsIgnoreCase("bytes") || !cursor.skip('=') || !atRangeSet(cursor)) {
            return Optional.empty();
        }
        List<RangeSpec> specs = new ArrayList<>();
        while (cursor.toNextMember()) {
            Optional<RangeSpec> spec = rangeSpec(cursor);
            if (spec.isEmpty() || !cursor.atMemberEnd()) {
                return Optional.empty();
            }
            specs.add(spec.get());
        }
        return specs.isEmpty() ? Optional.empty() : Optional.of(new RangesSpecifier(specs));
    }

    /** Whitespace after the "=" belongs to the comma of an empty list element; before a member it is malformed. */
    private static boolean atRangeSet(FieldCursor cursor) {
        boolean atMember = cursor.peek() != ' ' && cursor.peek() != '\t';
        return atMember || cursor.skipWhitespace().peek() == ',';
    }

    private static Optional<RangeSpec> rangeSpec(FieldCursor cursor) {
        if (cursor.skip('-')) {
            return cursor.number().map(length -> new RangeSpec.SuffixRange(length.saturated()));
        }
        Optional<DecimalNumber> first = cursor.number();
        if (first.isEmpty() || !cursor.skip('-')) {
            return Optional.empty();
        }
        Optional<DecimalNumber> last = cursor.number();
        // RFC 9110 §14.1.1: last below first is invalid, and that is decided on the digits: both may be above 2^63.
        if (last.isPresent() && last.get().compareTo(first.get()) < 0) {
            return Optional.empty();
        }
        long end = last.map(DecimalNumber::saturated).orElse(Long.MAX_VALUE);
        return Optional.of(new RangeSpec.IntRange(first.get().saturated(), end));
    }
}
