// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A range of a file that others may change: its last bytes are handed out only after a look at the file.
 *
 * <p>They are read before that look, so that nothing can happen between look and sending. All before them has left the file
 * by then, so a body made of two states is always cut short, and a client that resumes sees that the tag is another.
 */
final class FileBlocks implements RangeBlocks {

    /** A range up to this long is all last bytes: read and confirmed before the head of the answer is written. */
    static final int TAIL = 64 << 10;

    private final FileChannel channel;
    private final Confirmation confirmation;
    private final RangeBlocks beginning;
    private final long tailFrom;
    private final int tailLength;
    private ByteBuffer tail = END;
    private Tail stage;

    private enum Tail {
        UNREAD,
        READ,
        HANDED_OUT
    }

    /** A last look at the file. */
    @FunctionalInterface
    interface Confirmation {

        /** Throws if the bytes may be of another state than the tag. */
        void confirm() throws IOException;
    }

    private FileBlocks(FileChannel channel, ByteRange range, int tailLength, Confirmation confirmation) {
        this.channel = channel;
        this.confirmation = confirmation;
        this.tailLength = tailLength;
        this.stage = tailLength == 0 ? Tail.HANDED_OUT : Tail.UNREAD;
        this.tailFrom = range.last() + 1 - tailLength;
        this.beginning = range.first() == tailFrom
                ? new ArrayBlocks(List.of())
                : new ChannelBlocks(channel, new ByteRange(range.first(), tailFrom - 1));
    }

    /** Takes over the channel. */
    static RangeBlocks confirmed(FileChannel channel, ByteRange range, Confirmation confirmation) {
        return new FileBlocks(channel, range, (int) Math.min(TAIL, range.length()), confirmation);
    }

    /** Takes over the channel of a file that is sent as it is read. */
    static RangeBlocks unconfirmed(FileChannel channel, ByteRange range) {
        return new FileBlocks(channel, range, 0, () -> {});
    }

    /** Reads a range of at most {@link #TAIL} bytes, and is done with the channel. */
    static FileBlocks readAtOnce(FileChannel channel, ByteRange range, Confirmation confirmation) throws IOException {
        FileBlocks blocks = new FileBlocks(channel, range, (int) range.length(), confirmation);
        try (channel) {
            blocks.readTail();
        } catch (IOException | RuntimeException e) {
            // Nobody has been handed it.
            BufferPool.SHARED.giveBack(blocks.tail);
            blocks.close();
            throw e;
        }
        return blocks;
    }

    /** The last bytes, where they are read and not handed out yet; they are no longer there when this is closed. */
    ByteBuffer tail() {
        return tail.asReadOnlyBuffer();
    }

    private void readTail() throws IOException {
        tail = BufferPool.SHARED.take(tailLength);
        tail.limit(tailLength);
        ChannelBlocks.readFully(channel, tail, tailFrom);
        stage = Tail.READ;
        confirmation.confirm();
    }

    @Override
    public ByteBuffer next() throws IOException {
        ByteBuffer block = beginning.next();
        if (block.hasRemaining()) {
            return block;
        }
        if (stage == Tail.HANDED_OUT) {
            // Only now is the last block certain to be out of use.
            BufferPool.SHARED.giveBack(tail);
            tail = END;
            return END;
        }
        if (stage == Tail.UNREAD) {
            readTail();
        }
        stage = Tail.HANDED_OUT;
        return tail;
    }

    @Override
    public void close() throws IOException {
        stage = Tail.HANDED_OUT;
        // Not given back: it may be under way still.
        tail = END;
        beginning.close();
        channel.close();
    }
}
