// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentBody.Delimiter;
import dev.resumable.content.ContentBody.Segment;
import dev.resumable.content.ContentBody.Slice;
import dev.resumable.http.ByteRange;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A planned body as blocks: opens the slices of a representation one after the other and hands out exactly their bytes.
 *
 * <p>The first slice is opened by the constructor, so that what cannot be read fails before anything is sent. May be closed by
 * another thread, which waits for the block that is being read.
 */
final class BodyBlocks implements Closeable {

    private final Representation representation;
    private final Iterator<Segment> ahead;
    private Lifetime lifetime = Lifetime.ANSWER;
    private @Nullable RangeBlocks first;
    private @Nullable RangeBlocks slice;
    private long left;
    private boolean closed;

    /** How long the bytes can be read. */
    enum Lifetime {
        /** On the thread that was given the representation, before its call returns; it may have to wait for them. */
        CALL,
        /** On any thread, until the representation is released. */
        ANSWER
    }

    BodyBlocks(ContentBody body, Representation representation) throws IOException {
        this.representation = representation;
        this.ahead = body.segments().iterator();
        for (Segment segment : body.segments()) {
            if (segment instanceof Slice firstSlice) {
                this.first = open(firstSlice.range());
                break;
            }
        }
    }

    private RangeBlocks open(ByteRange range) throws IOException {
        Optional<RangeBlocks> atHand = representation.blocks(range);
        if (atHand.isPresent()) {
            return atHand.get();
        }
        lifetime = Lifetime.CALL;
        return new StreamBlocks(representation.open(range), range.length());
    }

    Lifetime lifetime() {
        return lifetime;
    }

    /**
     * The next block, which is void at the end; the block before may be used again.
     *
     * @throws EOFException if the representation ends before the planned length
     * @throws IOException of the representation, as it came
     */
    synchronized ByteBuffer next() throws IOException {
        if (closed) {
            throw new IOException("the answer is over");
        }
        while (true) {
            if (slice != null) {
                ByteBuffer block = slice.next();
                left -= block.remaining();
                if (block.hasRemaining() && left >= 0) {
                    return block;
                }
                endSlice(slice);
            }
            if (!ahead.hasNext()) {
                return RangeBlocks.END;
            }
            Segment segment = ahead.next();
            if (segment instanceof Delimiter delimiter) {
                return ByteBuffer.wrap(delimiter.bytes());
            }
            begin((Slice) segment);
        }
    }

    private void begin(Slice next) throws IOException {
        slice = first == null ? openLater(next.range()) : first;
        first = null;
        left = next.length();
    }

    /** In mid-body nobody may take a failure for a reason to try again or to answer otherwise. */
    private RangeBlocks openLater(ByteRange range) throws IOException {
        try {
            Lifetime before = lifetime;
            RangeBlocks opened = open(range);
            if (lifetime != before) {
                opened.close();
                throw new IOException("blocks() has the bytes of one range at hand and not those of another");
            }
            return opened;
        } catch (IOException e) {
            throw new IOException("a part of the representation cannot be read any more", e);
        }
    }

    private void endSlice(RangeBlocks ended) throws IOException {
        if (left != 0) {
            throw new EOFException("representation ended with " + left + " bytes to come");
        }
        ended.close();
        slice = null;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        RangeBlocks current = slice;
        slice = null;
        RangeBlocks unused = first;
        first = null;
        for (RangeBlocks open : Arrays.asList(current, unused)) {
            if (open != null) {
                open.close();
            }
        }
    }
}
