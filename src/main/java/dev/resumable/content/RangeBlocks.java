// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * The bytes of one range, handed out in blocks as they lie, without a copy where that is possible.
 *
 * <p>They must be at hand: a call of {@link #next()} may wait for a disk, never for a network or another thread. They must
 * stay so after the call that asked for them has returned, on any thread, until they are closed. That is what lets a body
 * go on without a thread that waits for its client.
 */
public interface RangeBlocks extends Closeable {

    /** What is handed out behind the last block. */
    ByteBuffer END = ByteBuffer.allocate(0);

    /**
     * The next block; one without remaining bytes, if there are no more. The block before may be used again.
     *
     * @throws IOException if the bytes end early or belong to another state than the validators
     */
    ByteBuffer next() throws IOException;

    /** Frees what is held; blocks that were handed out stay readable. */
    @Override
    void close() throws IOException;

    /** The same bytes as a stream, with which the blocks are closed. */
    default InputStream asStream() {
        return new BlocksStream(this);
    }

    /** Bytes of an array, which must not change any more. */
    static RangeBlocks of(byte[] bytes, int offset, int length) {
        return of(List.of(ByteBuffer.wrap(bytes, offset, length)));
    }

    /** Bytes in memory, piece by piece, none of them void; they must not change any more. */
    static RangeBlocks of(List<ByteBuffer> pieces) {
        return new ArrayBlocks(pieces);
    }

    /** A range of a file, read block by block; the channel stays the caller's and open. */
    static RangeBlocks of(FileChannel channel, ByteRange range) {
        return new ChannelBlocks(channel, range);
    }
}
