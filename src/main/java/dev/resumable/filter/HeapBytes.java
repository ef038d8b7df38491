// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RangeBlocks;
import dev.resumable.http.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes in the heap, appended to and then handed out as they lie: none is copied a second time.
 *
 * <p>The first array is as long as the first write, for most responses are one; each further one as long as all before it, up
 * to a limit. So at most as many bytes lie idle as are used.
 */
final class HeapBytes {

    private static final int LEAST = 512;
    private static final int MOST = 64 << 10;

    private final List<ByteBuffer> arrays = new ArrayList<>(4);
    private int size;
    private long capacity;

    int size() {
        return size;
    }

    /** How many bytes of the heap it takes to append so many. */
    long growth(int length) {
        int idle = last().remaining();
        int sizeThen = size + Math.min(idle, length);
        long growth = 0;
        for (int left = length - idle; left > 0; ) {
            int array = lengthOfNext(sizeThen, left);
            growth += array;
            sizeThen += Math.min(left, array);
            left -= array;
        }
        return growth;
    }

    /** How many bytes of the heap are taken. */
    long capacity() {
        return capacity;
    }

    private ByteBuffer last() {
        return arrays.isEmpty() ? RangeBlocks.END : arrays.get(arrays.size() - 1);
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
                last = ByteBuffer.allocate(lengthOfNext(size, left));
                arrays.add(last);
                capacity += last.capacity();
            }
            int count = Math.min(left, last.remaining());
            last.put(bytes, from, count);
            from += count;
            left -= count;
            size += count;
        }
    }

    void writeTo(OutputStream out) throws IOException {
        for (ByteBuffer array : arrays) {
            out.write(array.array(), 0, array.position());
        }
    }

    /** Writes them into a body, and answers with the body that goes on. */
    ResponseBody writeTo(ResponseBody body) throws IOException {
        ResponseBody taking = body;
        for (ByteBuffer array : arrays) {
            taking = taking.write(array.array(), 0, array.position());
        }
        return taking;
    }

    /** The bytes of a range, which must lie inside what was appended; nothing may be appended any more. */
    RangeBlocks read(ByteRange range) {
        List<ByteBuffer> parts = new ArrayList<>(arrays.size());
        long start = 0;
        for (ByteBuffer array : arrays) {
            long end = start + array.position();
            if (range.first() < end && range.last() >= start) {
                int from = (int) (Math.max(range.first(), start) - start);
                int until = (int) (Math.min(range.last() + 1, end) - start);
                parts.add(ByteBuffer.wrap(array.array(), from, until - from));
            }
            start = end;
        }
        return RangeBlocks.of(parts);
    }
}
