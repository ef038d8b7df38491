// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers outside of the heap, which save a copy on the way to a socket; where all are taken, buffers of the heap.
 *
 * <p>They are dear to make and cheap to use again. All pools together take a sixteenth of what the heap may take, 32 MiB at most.
 * One that is not given back, since a container may still be sending from it or has lost the exchange, counts until it was
 * collected.
 */
public final class BufferPool {

    /** Smaller blocks cost more on every container (measured). */
    public static final int SIZE = 64 << 10;

    /** What a near client takes without being waited for in between: Jetty works a third less for a MiB so (measured). */
    public static final int LARGE_SIZE = 1 << 20;

    /** Of the heap each one who waits for a slow client has a buffer, and there is no end to their number. */
    private static final int HEAP_SIZE = 16 << 10;

    private static final long MOST_BYTES =
            Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final int MOST_LARGE = (int) (MOST_BYTES / 4 / LARGE_SIZE);

    /** That of all features. */
    public static final BufferPool SHARED =
            new BufferPool(SIZE, (int) ((MOST_BYTES - (long) MOST_LARGE * LARGE_SIZE) / SIZE));

    /** A few larger ones, for those who make the most of them. */
    public static final BufferPool LARGE = new BufferPool(LARGE_SIZE, MOST_LARGE);

    private final int size;
    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final Set<Reference<ByteBuffer>> made = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left;
    private final ReferenceQueue<ByteBuffer> collected = new ReferenceQueue<>();

    /**
     * @param size bytes of each buffer
     * @param most buffers in all
     */
    public BufferPool(int size, int most) {
        this.size = size;
        this.left = new AtomicInteger(most);
    }

    /** A buffer of this pool, or of the heap and no larger than what is wanted. */
    public ByteBuffer take(long wanted) {
        return take(wanted, size);
    }

    /** As {@link #take}, for one who can do with less at a time: a buffer of the heap has 16 KiB at most. */
    public ByteBuffer takeAny(long wanted) {
        return take(wanted, Math.min(size, HEAP_SIZE));
    }

    private ByteBuffer take(long wanted, int mostOfHeap) {
        return (wanted < size ? used() : takeIfLeft())
                .orElseGet(() -> ByteBuffer.allocate((int) Math.min(mostOfHeap, wanted)));
    }

    /** A buffer of this pool; empty if all are taken. */
    public Optional<ByteBuffer> takeIfLeft() {
        return used().or(this::made);
    }

    private Optional<ByteBuffer> used() {
        return Optional.ofNullable(idle.poll()).map(ByteBuffer::clear);
    }

    private Optional<ByteBuffer> made() {
        countCollected();
        if (left.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
            return Optional.empty();
        }
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(size);
            made.add(new PhantomReference<>(buffer, collected));
            return Optional.of(buffer);
        } catch (OutOfMemoryError e) {
            // Others have taken all that the JVM may have outside of its heap. Each try costs it a collection, so there
            // is no other before one of ours was collected.
            left.set(0);
            return Optional.empty();
        }
    }

    /** True if the buffer is of this pool, and not a part of one. */
    public boolean hasMade(ByteBuffer buffer) {
        for (Reference<ByteBuffer> reference : made) {
            if (reference.refersTo(buffer)) {
                return true;
            }
        }
        return false;
    }

    private void countCollected() {
        for (Reference<?> reference = collected.poll(); reference != null; reference = collected.poll()) {
            made.remove(reference);
            left.incrementAndGet();
        }
    }

    /** Takes back a buffer that nobody uses any more. */
    public void giveBack(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            idle.add(buffer);
        }
    }
}
