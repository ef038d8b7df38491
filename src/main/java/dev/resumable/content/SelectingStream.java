// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentBody.Delimiter;
import dev.resumable.content.ContentBody.Segment;
import dev.resumable.content.ContentBody.Slice;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes a whole representation from first to last byte and lets through what a planned body needs of it.
 *
 * <p>The slices must ascend. Constant memory: nothing is kept, bytes outside the slices are dropped. The end of what is let
 * through, be it a byte or the last delimiter, waits for {@link #close}: whoever fails after it must not look complete.
 */
public final class SelectingStream extends OutputStream {

    private final OutputStream out;
    private final Deque<Segment> ahead;
    private byte[] heldBack = {};
    private long position;

    /** Lets nothing through. */
    static SelectingStream ofNothing() {
        return new SelectingStream(ContentBody.whole(0), nullOutputStream());
    }

    SelectingStream(ContentBody body, OutputStream out) {
        this.out = out;
        this.ahead = new ArrayDeque<>(body.segments());
    }

    /** What comes first are the bytes from this position on; nothing before it is needed, and nothing was written yet. */
    public void beginAt(long first) {
        if (position > 0
                || first < 0
                || (ahead.peek() instanceof Slice slice && slice.range().first() < first)) {
            throw new IllegalStateException("bytes before " + first + " are needed, or were written");
        }
        position = first;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        long start = position;
        long end = Math.addExact(start, length);
        writeDelimiters();
        while (ahead.peek() instanceof Slice slice && slice.range().first() < end) {
            long from = Math.max(slice.range().first(), start);
            long until = Math.min(slice.range().last() + 1, end);
            boolean sliceEnds = until > slice.range().last();
            boolean allEnds = sliceEnds && ahead.size() == 1;
            out.write(bytes, offset + (int) (from - start), (int) (until - from) - (allEnds ? 1 : 0));
            if (allEnds) {
                heldBack = new byte[] {bytes[offset + (int) (until - start) - 1]};
            }
            if (!sliceEnds) {
                break;
            }
            ahead.remove();
            writeDelimiters();
        }
        position = end;
    }

    /** True if whatever follows is dropped. */
    public boolean hasAll() {
        return ahead.isEmpty();
    }

    private void writeDelimiters() throws IOException {
        while (ahead.peek() instanceof Delimiter delimiter) {
            ahead.remove();
            if (ahead.isEmpty()) {
                heldBack = delimiter.bytes();
            } else {
                out.write(delimiter.bytes());
            }
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /**
     * Ends the representation, which is what it seemed to be; the underlying stream stays open.
     *
     * @throws EOFException if bytes that the head has promised never came
     */
    @Override
    public void close() throws IOException {
        writeDelimiters();
        if (!ahead.isEmpty()) {
            throw new EOFException("representation ended at byte " + position + ", before its declared length");
        }
        out.write(heldBack);
    }
}
