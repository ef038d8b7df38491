// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A range of an open file, read block by block; the channel stays open.
 *
 * <p>Not mapped. Others may truncate a file, and the fault of a mapping that has lost its pages is an error of the JVM that
 * strikes the container's thread at any point, with a lock in its hands (seen on Java 17). And of a file that is deleted the
 * disk gets nothing back before the garbage collector has undone its mappings.
 */
final class ChannelBlocks implements RangeBlocks {

    private final FileChannel channel;
    private final long end;
    private long position;
    private ByteBuffer block = END;

    ChannelBlocks(FileChannel channel, ByteRange range) {
        this.channel = channel;
        this.position = range.first();
        this.end = range.last() + 1;
    }

    @Override
    public ByteBuffer next() throws IOException {
        if (position == end) {
            // Only now is the last block certain to be out of use.
            BufferPool.SHARED.giveBack(block);
            block = END;
            return END;
        }
        if (block.capacity() == 0) {
            block = BufferPool.SHARED.take(end - position);
        }
        block.clear().limit((int) Math.min(block.capacity(), end - position));
        readFully(channel, block, position);
        position += block.remaining();
        return block;
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
        BufferPool.SHARED.giveUp(block);
        block = END;
    }
}
