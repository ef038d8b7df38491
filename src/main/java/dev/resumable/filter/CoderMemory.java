// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory outside of the heap in which bodies are coded: two blocks for each.
 *
 * <p>It is dear to make and is freed only by a garbage collection, so it is used again. What more coders than usual have taken
 * at a time is let go.
 */
final class CoderMemory {

    static final int BLOCK = 16 << 10;

    private static final int MOST_IDLE = 64;

    private static final Queue<ByteBuffer> IDLE = new ArrayBlockingQueue<>(MOST_IDLE);

    private CoderMemory() {}

    /** Two blocks; of the heap where others have taken all that the JVM may have outside of it. */
    static ByteBuffer take() {
        ByteBuffer idle = IDLE.poll();
        if (idle != null) {
            return idle;
        }
        try {
            return ByteBuffer.allocateDirect(2 * BLOCK);
        } catch (OutOfMemoryError e) {
            return ByteBuffer.allocate(2 * BLOCK);
        }
    }

    /** Takes back memory that nobody uses any more. */
    static void giveBack(ByteBuffer memory) {
        if (memory.isDirect()) {
            IDLE.offer(memory);
        }
    }
}
