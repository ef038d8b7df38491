// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Codes with gzip (RFC 1952) at one fixed level, and frees what the coder has outside of the heap on every path.
 *
 * <p>Implementation note: the coder works on buffers outside of the heap. While it works on arrays, as in the stream of
 * the JDK, the garbage collector must wait; with many responses coded at once the G1 of Java 17 then tells some other
 * thread that the heap is full, though half of it is free (JDK-8192647).
 */
final class GzipStream extends OutputStream {

    /** Most of what gzip can save, at half the price of its highest levels. */
    private static final int LEVEL = 6;

    /** RFC 1952 §2.3: deflate, no flags, no time, no extra flags, of an unknown system. */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int TRAILER = 8;

    private final OutputStream below;
    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private final ByteBuffer memory = CoderMemory.take();
    private final ByteBuffer plain = memory.slice(0, CoderMemory.BLOCK);
    private final ByteBuffer coded = memory.slice(CoderMemory.BLOCK, CoderMemory.BLOCK);
    private final byte[] block = new byte[CoderMemory.BLOCK];
    private int filled;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        CLOSED
    }

    GzipStream(OutputStream below) {
        this(below, new Deflater(LEVEL, true));
    }

    /** @param deflater one for bare deflate data, which is ended with this stream */
    GzipStream(OutputStream below, Deflater deflater) {
        this.below = below;
        this.deflater = deflater;
        // Kept for now, so that nothing can fail here.
        System.arraycopy(HEAD, 0, block, 0, HEAD.length);
        filled = HEAD.length;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** Whatever the size of the writes, the coder is fed in blocks of one size: equal bytes are coded alike. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (state == State.CLOSED) {
            throw new IOException("the stream is closed");
        }
        int from = offset;
        while (from < offset + length) {
            int count = Math.min(offset + length - from, plain.remaining());
            plain.put(bytes, from, count);
            from += count;
            if (!plain.hasRemaining()) {
                code();
            }
        }
    }

    private void code() throws IOException {
        crc.update(plain.duplicate().flip());
        // Of its own, since the coder goes on looking at it.
        deflater.setInput(plain.duplicate().flip());
        while (!deflater.needsInput()) {
            take();
        }
        plain.clear();
    }

    /** Takes what the coder has ready, or asks it for more. */
    private void take() throws IOException {
        deflater.deflate(coded.clear());
        coded.flip();
        while (coded.hasRemaining()) {
            int count = Math.min(coded.remaining(), block.length - filled);
            coded.get(block, filled, count);
            filled += count;
            if (filled == block.length) {
                pass();
            }
        }
    }

    private void pass() throws IOException {
        below.write(block, 0, filled);
        filled = 0;
    }

    /** Ends the coded bytes; a second call does nothing. */
    @Override
    public void close() throws IOException {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            finish();
        } finally {
            deflater.end();
            CoderMemory.giveBack(memory);
        }
        below.close();
    }

    private void finish() throws IOException {
        code();
        // As modulo 2^32, which is what the format wants (RFC 1952 §2.3.1).
        int size = (int) deflater.getBytesRead();
        deflater.finish();
        while (!deflater.finished()) {
            take();
        }
        pass();
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        below.write(trailer.putInt((int) crc.getValue()).putInt(size).array());
    }
}
