// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/** What became of the {@code Range} field of a request, RFC 9110 §14.2: whether it was obeyed, and if not, why. */
public enum RangeOutcome {
    /** The ranges, or those of them that there are, were sent: 206. */
    APPLIED,
    /** No asked range overlaps the representation: 416 (RFC 9110 §15.5.17). */
    UNSATISFIABLE,
    /** There was no {@code Range} field. */
    ABSENT,
    /** The field is not well-formed, so it counts as absent (RFC 9110 §14.2). */
    MALFORMED,
    /** The ranges are in another unit than bytes (RFC 9110 §14.2). */
    UNKNOWN_UNIT,
    /** The method is not GET, the only one that has ranges (RFC 9110 §14.2): it is HEAD. */
    NOT_GET,
    /** {@code If-Range} names another state, or none (RFC 9110 §13.1.5). */
    IF_RANGE_MISMATCH,
    /** Not looked at: the client's copy is current (304). */
    NOT_MODIFIED,
    /** Not looked at: a precondition of the client does not hold (412). */
    PRECONDITION_FAILED,
    /** The range would be of the gzip form of the body, which could not be made for now; the other one is sent whole. */
    CODING_GIVEN_UP,
    /** Ranges are switched off: {@link RangeLimits#maxRanges()} is 0. */
    RANGES_OFF,
    /** The representation is empty. */
    NOTHING_TO_CUT,
    /** More members than {@link RangeLimits#maxRanges()}. */
    TOO_MANY_RANGES,
    /** More members that share bytes than {@link RangeLimits#maxOverlaps()}. */
    TOO_MANY_OVERLAPS,
    /** More members that go back than {@link RangeLimits#maxDescending()}. */
    TOO_MANY_DESCENDING,
    /** The parts with their overhead exceed the whole by more than {@link RangeLimits#allowance()}. */
    LARGER_THAN_WHOLE;

    /** True if the set was refused for a limit that guards against abuse. */
    public boolean isRefusal() {
        return switch (this) {
            case TOO_MANY_RANGES, TOO_MANY_OVERLAPS, TOO_MANY_DESCENDING, LARGER_THAN_WHOLE -> true;
            default -> false;
        };
    }
}
