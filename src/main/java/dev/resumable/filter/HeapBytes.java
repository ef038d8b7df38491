// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RangeBlocks;
import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Bytes in memory, appended to and then handed out as they lie: none is copied a second time.
 *
 * <p>The first block is as long as the first write, for most responses are one; each further one as long as all before it, up
 * to a limit. So at most as many bytes lie idle as are used. Blocks of that limit come from the pool, and go back to it if it is
 * certain that nobody reads them any more: who has not read to the end may have one under way to a client still.
 */
final class HeapBytes {

    private static final String OVER = "the exchange is over";
    private static final int LEAST = 512;
    private static final int MOST = BufferPool.SIZE;

    private final BufferPool pool;
    private final List<ByteBuffer> blocks = new ArrayList<>(4);
    private int size;
    private long capacity;
    private int readers;
    private boolean closed;

    HeapBytes() {
        this(BufferPool.SHARED);
    }

    HeapBytes(BufferPool pool) {
        this.pool = pool;
    }

    int size() {
        return size;
    }

    /** How many bytes of memory it takes to append so many. */
    long growth(int length) {
        int idle = last().remaining();
        int sizeThen = size + Math.min(idle, length);
        long growth = 0;
        for (int left = length - idle; left > 0; ) {
            int block = lengthOfNext(sizeThen, left);
            growth += block;
            sizeThen += Math.min(left, block);
            left -= block;
        }
        return growth;
    }

    /** How many bytes of memory are taken. */
    long capacity() {
        return capacity;
    }

    private ByteBuffer last() {
        return blocks.isEmpty() ? RangeBlocks.END : blocks.get(blocks.size() - 1);
    }

    private static int lengthOfNext(int size, int left) {
        return Math.min(MOST, Math.max(LEAST, Math.max(size, left)));
    }

    void append(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            ByteBuffer last = last();
            if (!last.hasRemaining()) {
                last = newBlock(lengthOfNext(size, left));
                blocks.add(last);
                capacity += last.capacity();
            }
            int count = Math.min(left, last.remaining());
            last.put(bytes, from, count);
            from += count;
            left -= count;
            size += count;
        }
    }

    private ByteBuffer newBlock(int length) {
        return length == MOST ? pool.take(MOST) : ByteBuffer.allocate(length);
    }

    /** All bytes that were appended so far, block by block. */
    synchronized List<ByteBuffer> all() {
        return blocks.stream().map(block -> block.duplicate().flip()).toList();
    }

    /** Writes them into a stream, which may wait for a client. */
    void writeTo(OutputStream out) throws IOException {
        if (size > 0) {
            try (InputStream in = read(new ByteRange(0, size - 1)).asStream()) {
                in.transferTo(out);
            }
        }
    }

    /** Writes them into a body, and answers with the body that goes on. */
    ResponseBody writeTo(ResponseBody body) throws IOException {
        ResponseBody taking = body;
        byte[] copy = new byte[Math.min(size, MOST)];
        for (ByteBuffer block : all()) {
            int length = block.remaining();
            block.get(copy, 0, length);
            taking = taking.write(copy, 0, length);
        }
        return taking;
    }

    /**
     * The bytes of a range, which must lie inside what was appended; nothing may be appended any more.
     *
     * @throws IOException if they are freed already
     */
    synchronized RangeBlocks read(ByteRange range) throws IOException {
        if (closed) {
            throw new IOException(OVER);
        }
        List<ByteBuffer> parts = new ArrayList<>(blocks.size());
        long start = 0;
        for (ByteBuffer block : blocks) {
            long end = start + block.position();
            if (range.first() < end && range.last() >= start) {
                int from = (int) (Math.max(range.first(), start) - start);
                int until = (int) (Math.min(range.last() + 1, end) - start);
                parts.add(block.slice(from, until - from));
            }
            start = end;
        }
        return new Reader(parts.iterator());
    }

    /** Frees the memory; who is reading is told that all is over. */
    synchronized void close() {
        closed = true;
        if (readers == 0) {
            blocks.forEach(pool::giveBack);
        }
        blocks.clear();
    }

    private synchronized ByteBuffer next(Reader reader) throws IOException {
        if (reader.parts.hasNext()) {
            if (closed) {
                throw new IOException(OVER);
            }
            reader.begin();
            return reader.parts.next();
        }
        reader.end();
        return RangeBlocks.END;
    }

    private synchronized void endOf(Reader reader) {
        reader.end();
    }

    /** Counts as one who reads from its first block until it has come back for one that is not there; who reads a stream has copies. */
    private final class Reader implements RangeBlocks {

        private final Iterator<ByteBuffer> parts;
        private boolean reading;
        private boolean copied;

        Reader(Iterator<ByteBuffer> parts) {
            this.parts = parts;
        }

        private void begin() {
            if (!reading) {
                reading = true;
                readers++;
            }
        }

        private void end() {
            if (reading) {
                reading = false;
                readers--;
            }
        }

        @Override
        public ByteBuffer next() throws IOException {
            return HeapBytes.this.next(this);
        }

        @Override
        public InputStream asStream() {
            copied = true;
            return RangeBlocks.super.asStream();
        }

        @Override
        public void close() {
            if (copied) {
                endOf(this);
            }
            // Else not the end: the last block may be under way.
        }
    }
}
