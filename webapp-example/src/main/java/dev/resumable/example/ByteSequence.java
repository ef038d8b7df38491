// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * The bytes of {@code /demo/bytes}: byte {@code i} is {@code (i * 31 + 7) mod 251}.
 *
 * <p>251 is a prime, so no block size of a server or a client is a multiple of the period: a slice that was cut at a
 * wrong position differs from the right one.
 */
final class ByteSequence {
    private static final int PERIOD = 251;
    private static final int BLOCK = 64 * 1024;
    private static final int DIGITS = 18;

    /** One block from every phase of the period: a block that starts at byte i is found at index i mod 251. */
    private static final byte[] BYTES = new byte[BLOCK + PERIOD];

    static {
        for (int i = 0; i < BYTES.length; i++) {
            BYTES[i] = (byte) ((i * 31 + 7) % PERIOD);
        }
    }

    private ByteSequence() {}

    /**
     * Reads a count from a path.
     *
     * @param pathInfo {@code /n}, n being 1 to 18 ASCII digits
     * @return n, or empty for any other path
     */
    static OptionalLong count(String pathInfo) {
        if (pathInfo.length() < 2 || pathInfo.length() > 1 + DIGITS || pathInfo.charAt(0) != '/') {
            return OptionalLong.empty();
        }
        long count = 0;
        for (int i = 1; i < pathInfo.length(); i++) {
            int digit = pathInfo.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            count = count * 10 + digit;
        }
        return OptionalLong.of(count);
    }

    /** Writes bytes 0 to {@code count - 1} in blocks of 64 KiB; {@code out} stays open. */
    static void write(long count, OutputStream out) throws IOException {
        for (long position = 0; position < count; position += BLOCK) {
            int length = (int) Math.min(BLOCK, count - position);
            out.write(BYTES, (int) (position % PERIOD), length);
        }
    }
}
