// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/**
 * A range of bytes that exists in a representation, both ends included.
 *
 * @param first the position of the first byte, from 0
 * @param last the position of the last byte, not below {@code first} and below {@link Long#MAX_VALUE}
 */
public record ByteRange(long first, long last) {
    /** Checks the order of the positions; the bound of {@code last} keeps {@link #length()} within a {@code long}. */
    public ByteRange {
        if (first < 0 || last < first || last == Long.MAX_VALUE) {
            throw new IllegalArgumentException("Not a byte range: " + first + "-" + last);
        }
    }

    /** Returns the number of bytes, at least 1. */
    public long length() {
        return last - first + 1;
    }
}
