// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.OptionalLong;

/**
 * A {@code 1*DIGIT} of any length, as fields carry positions and lengths.
 *
 * <p>The digits are kept as text because RFC 9110 §14.1.2 puts no bound on them: two numbers above 2^63 must still
 * compare exactly, while no arithmetic is ever done on them. Leading zeros are dropped, so zero is the empty text.
 */
record DecimalNumber(String digits) implements Comparable<DecimalNumber> {
    private static final int DIGITS_OF_MAX_VALUE = 19;

    DecimalNumber {
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        digits = digits.substring(zeros);
    }

    /** Returns the value, or {@link Long#MAX_VALUE} for any number above it. */
    long saturated() {
        return exact().orElse(Long.MAX_VALUE);
    }

    /** Returns the value, or nothing if it does not fit into a {@code long}. */
    OptionalLong exact() {
        if (digits.length() > DIGITS_OF_MAX_VALUE) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * 10 + (digits.charAt(i) - '0');
        }
        // The largest number of 19 digits is below 2^64, so one that does not fit wraps exactly once: it is negative.
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public int compareTo(DecimalNumber other) {
        int byLength = Integer.compare(digits.length(), other.digits.length());
        return byLength != 0 ? byLength : digits.compareTo(other.digits);
    }
}
