// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/**
 * Bounds on the work and bytes that one {@code Range} field may cause, RFC 9110 §14.2 and §17.15.
 *
 * <p>A range set past a bound is answered with the whole representation, which every client can use and which costs
 * no more than a request without ranges. A set that asks for exactly as much as a bound allows is obeyed.
 *
 * @param maxRanges members of the set, 200 by default: each costs memory before a byte is sent, and thousands of
 *     one-byte ranges stay below any limit on bytes (CVE-2011-3192, CVE-2026-34826)
 * @param maxOverlaps members that share bytes with another, 20 by default: no honest client asks for a byte twice more
 *     than by accident, an attacker multiplies the answer with it (CVE-2011-3192, CVE-2024-26141)
 * @param maxDescending members that start before the one asked before them, 20 by default: media players jump back to
 *     an index now and then, only an attacker makes the server seek back again and again (RFC 9110 §14.2)
 * @param partOverhead bytes counted for the delimiter and fields of each part, 256 by default: it makes many tiny parts
 *     as expensive as they are on the wire (CVE-2026-34826)
 * @param allowance bytes by which a multipart answer, overhead included, may be larger than the whole, 4096 by
 *     default: lets small representations be cut at all, yet makes amplification pointless (RangeAmp, CVE-2024-26141)
 */
public record RangeLimits(int maxRanges, int maxOverlaps, int maxDescending, int partOverhead, long allowance) {
    private static final RangeLimits DEFAULTS = new RangeLimits(200, 20, 20, 256, 4096);

    /** Checks that no bound is negative; a bound of 0 is allowed, {@code maxRanges} 0 turns ranges off. */
    public RangeLimits {
        checkNotNegative("maxRanges", maxRanges);
        checkNotNegative("maxOverlaps", maxOverlaps);
        checkNotNegative("maxDescending", maxDescending);
        checkNotNegative("partOverhead", partOverhead);
        checkNotNegative("allowance", allowance);
    }

    /** Returns 200 ranges, 20 overlaps, 20 descending, 256 bytes a part and 4096 bytes over the whole. */
    public static RangeLimits defaults() {
        return DEFAULTS;
    }

    private static void checkNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }
}
