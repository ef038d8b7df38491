// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;

/**
 * Test content that is known at every position without being stored.
 *
 * <p>Byte {@code i} of the pattern is {@code (i * 31 + 7) mod 251}. Its period 251 is prime, so no power-of-two buffer
 * that is repeated, dropped or swapped goes unseen. Positions are zero-based and may exceed 2^31.
 */
public final class Bytes {
    private static final int PERIOD = 251;
    private static final int WRITE_SIZE = 64 * 1024;

    /** The pattern from zero on: any {@link #WRITE_SIZE} bytes of it are in here, to be copied and not computed. */
    private static final byte[] START = start();

    private Bytes() {}

    private static byte[] start() {
        byte[] start = new byte[PERIOD + WRITE_SIZE];
        for (int i = 0; i < start.length; i++) {
            start[i] = at(i);
        }
        return start;
    }

    /** Gives the byte of the pattern at {@code index}, which is zero or more. */
    public static byte at(long index) {
        if (index < 0) {
            throw new IndexOutOfBoundsException("negative index " + index);
        }
        return (byte) ((index % PERIOD * 31 + 7) % PERIOD);
    }

    /** Gives {@code length} bytes of the pattern from position {@code first} on. */
    public static byte[] slice(long first, int length) {
        byte[] bytes = new byte[length];
        fill(bytes, 0, length, first);
        return bytes;
    }

    /** Gives the first {@code length} bytes of the pattern. */
    public static byte[] pattern(int length) {
        return slice(0, length);
    }

    /** Opens the {@code length} bytes of the pattern from position {@code first} on as a stream. */
    public static InputStream stream(long first, long length) {
        return new PatternStream(first, Math.addExact(first, length));
    }

    /** Writes the first {@code length} bytes of the pattern into {@code file}, replacing it. */
    public static Path write(Path file, long length) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            copy(stream(0, length), out);
        }
        return file;
    }

    /** Gives {@code length} bytes without any pattern, the same for the same {@code seed} on every machine. */
    public static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Gives the SHA-256 of {@code bytes} in lower-case hexadecimal. */
    public static String sha256(byte[] bytes) {
        return hex(newSha256().digest(bytes));
    }

    /** Gives the SHA-256 of {@code length} bytes of the pattern from {@code first} on, in lower-case hexadecimal. */
    public static String sha256(long first, long length) {
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[WRITE_SIZE];
        for (long done = 0; done < length; ) {
            int size = (int) Math.min(buffer.length, length - done);
            fill(buffer, 0, size, first + done);
            digest.update(buffer, 0, size);
            done += size;
        }
        return hex(digest.digest());
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[WRITE_SIZE];
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    private static void fill(byte[] target, int offset, int length, long first) {
        if (first < 0) {
            throw new IndexOutOfBoundsException("negative index " + first);
        }
        int done = 0;
        while (done < length) {
            int size = Math.min(WRITE_SIZE, length - done);
            System.arraycopy(START, (int) ((first + done) % PERIOD), target, offset + done, size);
            done += size;
        }
    }

    /** The pattern between two positions. */
    private static final class PatternStream extends InputStream {
        private final long end;
        private long position;

        PatternStream(long first, long end) {
            this.position = first;
            this.end = end;
        }

        @Override
        public int read() {
            return position < end ? at(position++) & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            int count = (int) Math.min(length, end - position);
            fill(target, offset, count, position);
            position += count;
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, end - position));
            position += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - position);
        }
    }
}
