// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A range of an open file, read block by block; the channel stays open.
 *
 * <p>Not mapped. Others may truncate a file, and the fault of a mapping that has lost its pages is an error of the JVM that
 * strikes the container's thread at any point, with a lock in its hands (seen on Java 17). And of a file that is deleted the
 * disk gets nothing back before the garbage collector has undone its mappings.
 */
final class ChannelBlocks implements RangeBlocks {

    /** What the buffers of two sockets may take at once from a client that is far away; of it nothing is learnt. */
    private static final int SAMPLE = 4 << 20;

    /** Slower than any network of today, and faster than most clients: the rate from which on a client gets large blocks. */
    private static final long BYTES_PER_MILLI = 16 << 10;

    private final FileChannel channel;
    private final LongSupplier clock;
    private final long end;
    private long position;
    private ByteBuffer block = END;
    private BufferPool pool = BufferPool.SHARED;
    private long sampleFrom;
    private long sampleSince;

    ChannelBlocks(FileChannel channel, ByteRange range) {
        this(channel, range, System::nanoTime);
    }

    /** @param clock nanoseconds */
    ChannelBlocks(FileChannel channel, ByteRange range, LongSupplier clock) {
        this.channel = channel;
        this.clock = clock;
        this.position = range.first();
        this.end = range.last() + 1;
    }

    @Override
    public ByteBuffer next() throws IOException {
        if (position == end) {
            // Only now is the last block certain to be out of use.
            pool.giveBack(block);
            block = END;
            return END;
        }
        if (block.capacity() == 0) {
            block = pool.takeAny(end - position);
            beginSample();
        } else {
            keepPace();
        }
        block.clear().limit((int) Math.min(block.capacity(), end - position));
        readFully(channel, block, position);
        position += block.remaining();
        return block;
    }

    /** Larger blocks while the client takes them as if it were near, and not for others: those would only sit on them. */
    private void keepPace() {
        long sample = position - sampleFrom;
        boolean large = pool == BufferPool.LARGE;
        if (sample < SAMPLE && !large) {
            return;
        }
        boolean fast = TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - sampleSince) * BYTES_PER_MILLI <= sample;
        if (fast != large) {
            change(fast ? BufferPool.LARGE : BufferPool.SHARED);
        }
        beginSample();
    }

    private void change(BufferPool other) {
        Optional<ByteBuffer> buffer = end - position < BufferPool.LARGE_SIZE ? Optional.empty() : other.takeIfLeft();
        if (buffer.isPresent()) {
            pool.giveBack(block);
            pool = other;
            block = buffer.get();
        }
    }

    private void beginSample() {
        sampleFrom = position;
        sampleSince = clock.getAsLong();
    }

    /** Fills the buffer from this position of the file, and flips it. */
    static void readFully(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new EOFException("file was truncated at byte " + (from + buffer.position()));
            }
        }
        buffer.flip();
    }

    @Override
    public void close() {
        position = end;
        // Not given back: it may be under way still.
        block = END;
    }
}
