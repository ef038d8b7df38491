// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers outside of the heap, which save a copy on the way to a socket; where all are taken, buffers of the heap.
 *
 * <p>They are dear to make and cheap to use again. Together they take a sixteenth of what the heap may take, 32 MiB at most.
 */
public final class BufferPool {

    /** Larger blocks gain nothing on any container, smaller ones cost (measured). */
    public static final int SIZE = 64 << 10;

    private static final long MOST_BYTES =
            Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** That of all features. */
    public static final BufferPool SHARED = new BufferPool((int) (MOST_BYTES / SIZE));

    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger left;
    private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();

    /** Kept, or they would never be queued. */
    private final Set<Reference<ByteBuffer>> givenUp = ConcurrentHashMap.newKeySet();

    /** @param most buffers in all */
    public BufferPool(int most) {
        this.left = new AtomicInteger(most);
    }

    /** A buffer of {@link #SIZE} bytes, or of the heap and no larger than what is wanted. */
    public ByteBuffer take(long wanted) {
        ByteBuffer used = idle.poll();
        if (used != null) {
            return used.clear();
        }
        countCollected();
        if (wanted < SIZE || left.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
            return ByteBuffer.allocate((int) Math.min(SIZE, wanted));
        }
        try {
            return ByteBuffer.allocateDirect(SIZE);
        } catch (OutOfMemoryError e) {
            // Others have taken all that the JVM may have outside of its heap.
            left.incrementAndGet();
            return ByteBuffer.allocate((int) Math.min(SIZE, wanted));
        }
    }

    private void countCollected() {
        for (Reference<?> reference = collected.poll(); reference != null; reference = collected.poll()) {
            givenUp.remove(reference);
            left.incrementAndGet();
        }
    }

    /** Takes back a buffer that nobody uses any more. */
    public void giveBack(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            idle.add(buffer);
        }
    }

    /** Does without a buffer that a container may still be sending from; its place is free once it was collected. */
    public void giveUp(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            givenUp.add(new PhantomReference<>(buffer, collected));
        }
    }
}
