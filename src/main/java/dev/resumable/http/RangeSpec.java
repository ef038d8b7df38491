// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Optional;

/**
 * One range-spec of a {@code bytes} range set, RFC 9110 §14.1.2: what was asked, before the complete length is known.
 *
 * <p>Numbers that do not fit into a {@code long} are {@link Long#MAX_VALUE}, which no representation reaches.
 */
public sealed interface RangeSpec {
    /**
     * Returns the bytes that this spec selects from a representation, clamped to it; empty if it is unsatisfiable.
     *
     * @param completeLength the length of the representation in bytes
     */
    Optional<ByteRange> resolve(long completeLength);

    /**
     * An int-range such as {@code 0-499} or {@code 500-}.
     *
     * @param first the position of the first byte, from 0
     * @param last the position of the last byte, {@link Long#MAX_VALUE} when open
     */
    record IntRange(long first, long last) implements RangeSpec {
        /** Checks the order of the positions. */
        public IntRange {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("Not an int-range: " + first + "-" + last);
            }
        }

        @Override
        public Optional<ByteRange> resolve(long completeLength) {
            return first < completeLength
                    ? Optional.of(new ByteRange(first, Math.min(last, completeLength - 1)))
                    : Optional.empty();
        }
    }

    /**
     * A suffix-range such as {@code -500}: the last bytes of the representation.
     *
     * @param length how many bytes, from 0; 0 is well-formed but never satisfiable
     */
    record SuffixRange(long length) implements RangeSpec {
        /** Checks that the length is not negative. */
        public SuffixRange {
            if (length < 0) {
                throw new IllegalArgumentException("Not a suffix-range: -" + length);
            }
        }

        @Override
        public Optional<ByteRange> resolve(long completeLength) {
            long selected = Math.min(length, completeLength);
            return selected > 0
                    ? Optional.of(new ByteRange(completeLength - selected, completeLength - 1))
                    : Optional.empty();
        }
    }
}
