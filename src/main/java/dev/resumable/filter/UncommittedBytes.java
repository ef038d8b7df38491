// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the application has written before a container would have committed: as much as the response buffer takes.
 *
 * <p>Up to here everything can still be changed or reset, so nothing is decided before.
 */
final class UncommittedBytes {

    /** A larger buffer that the application asks for is not kept in the heap: the response commits earlier. */
    static final int MAX_BUFFER = 256 << 10;

    /**
     * What every container keeps for each response as well; only what goes beyond counts as heap of ours.
     *
     * <p>Without it, an application could not take its first bytes back where others have used up the heap. So the bytes
     * that are not counted are at most as many as the containers' own, and bounded as these are: by the number of requests
     * that run.
     */
    private static final int FREE = 8 << 10;

    private final Quota heap;
    private long reserved;
    private @Nullable HeapBytes bytes;
    private boolean closed;

    UncommittedBytes(Quota heap) {
        this.heap = heap;
    }

    synchronized int size() {
        return bytes == null ? 0 : bytes.size();
    }

    /**
     * Keeps the bytes, or answers false if they do not fit (here, or into the heap of all) and has kept none.
     *
     * @throws IOException if another thread has ended the exchange
     */
    synchronized boolean keep(byte[] source, int offset, int length, int bufferSize) throws IOException {
        if (closed) {
            throw new IOException("the exchange is over");
        }
        HeapBytes keeping = bytes == null ? new HeapBytes() : bytes;
        if (size() + (long) length > Math.min(bufferSize, MAX_BUFFER)
                || !reserve(keeping.capacity() + keeping.growth(length))) {
            return false;
        }
        keeping.append(source, offset, length);
        bytes = keeping;
        return true;
    }

    private boolean reserve(long capacity) {
        long wanted = Math.max(0, capacity - FREE) - reserved;
        if (wanted > 0 && !heap.reserve(wanted)) {
            return false;
        }
        reserved += Math.max(0, wanted);
        return true;
    }

    /** Gives them to a body, and answers with the body that goes on. */
    ResponseBody moveTo(ResponseBody body) throws IOException {
        HeapBytes all = take();
        if (body instanceof Spooling spooling && spooling.adopt(all)) {
            return body;
        }
        try {
            return all.writeTo(body);
        } finally {
            all.close();
        }
    }

    private synchronized HeapBytes take() {
        HeapBytes all = bytes == null ? new HeapBytes() : bytes;
        bytes = null;
        release();
        return all;
    }

    private void release() {
        heap.release(reserved);
        reserved = 0;
    }

    /** Forgets them for good. */
    synchronized void close() {
        closed = true;
        discard();
    }

    synchronized void discard() {
        if (bytes != null) {
            bytes.close();
            bytes = null;
        }
        release();
    }
}
