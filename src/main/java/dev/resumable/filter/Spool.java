// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.RangeBlocks;
import dev.resumable.content.Representation;
import dev.resumable.content.Sha256;
import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents.SpoolPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one response, digested as they come: in the heap up to a threshold, all of them in a temporary file beyond.
 *
 * <p>Belongs to one exchange, whose threads may be two: the container can end it while the application still writes.
 * Closing it frees heap, file and the bytes reserved for it, and whoever comes later is told.
 */
final class Spool implements AutoCloseable {

    private final SpoolDirectory directory;
    private final MessageDigest digest = Sha256.newDigest();
    private final SpoolHoldings holdings;
    private @Nullable HeapBytes heap = new HeapBytes();
    private long size;

    Spool(SpoolDirectory directory) {
        this.directory = directory;
        this.holdings = directory.opened(this);
    }

    /**
     * Keeps the bytes, or tells why it has taken none of them; empty if it has.
     *
     * @throws IOException if the spool is closed: the exchange was ended by another thread
     */
    synchronized Optional<PassReason> keep(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        if (length > directory.maxFileSize() - size) {
            return Optional.of(PassReason.TOO_LONG);
        }
        Optional<PassReason> refusal =
                keepInHeap(bytes, offset, length) ? Optional.empty() : keepOnDisk(bytes, offset, length);
        if (refusal.isEmpty()) {
            digest.update(bytes, offset, length);
            size += length;
        }
        return refusal;
    }

    /** Keeps bytes as they lie, its first ones; false if it cannot keep them so, and has taken none. */
    synchronized boolean adopt(HeapBytes bytes) {
        if (size > 0
                || heap == null
                || bytes.size() > Math.min(directory.heapThreshold(), directory.maxFileSize())
                || !holdings.takeHeap(bytes.capacity())) {
            return false;
        }
        heap = bytes;
        bytes.all().forEach(digest::update);
        size = bytes.size();
        return true;
    }

    private void requireOpen() throws IOException {
        if (heap == null && holdings.file() == null) {
            throw new IOException("the exchange is over");
        }
    }

    private boolean keepInHeap(byte[] bytes, int offset, int length) {
        if (heap == null || size + length > directory.heapThreshold()) {
            return false;
        }
        // What lies idle counts as well.
        if (!holdings.takeHeap(heap.growth(length))) {
            return false;
        }
        heap.append(bytes, offset, length);
        return true;
    }

    private Optional<PassReason> keepOnDisk(byte[] bytes, int offset, int length) {
        if (!holdings.takeDisk(size + length)) {
            return Optional.of(PassReason.SPOOL_FULL);
        }
        try {
            SpoolFile file = holdings.file();
            if (file == null) {
                file = spill();
                holdings.keep(file);
            }
            file.append(bytes, offset, length);
            leaveHeap();
            return Optional.empty();
        } catch (IOException e) {
            directory.reportFailure(e);
            if (heap != null) {
                // What is in the heap is still whole; a half-written copy of it is of no use.
                holdings.closeFile();
            }
            return Optional.of(PassReason.DISK_FAILED);
        }
    }

    private void leaveHeap() {
        if (heap != null) {
            heap.close();
            heap = null;
        }
        holdings.giveHeapBack();
    }

    private SpoolFile spill() throws IOException {
        SpoolFile opened = directory.open();
        try {
            if (heap != null) {
                for (ByteBuffer block : heap.all()) {
                    opened.append(block);
                }
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Copies all that was kept; nothing may be kept meanwhile.
     *
     * <p>The stream may wait for a client, so the monitor is free then: whoever ends the exchange does not wait for that.
     */
    void copyTo(OutputStream out) throws IOException {
        HeapBytes inHeap = openHeap();
        if (inHeap != null) {
            inHeap.writeTo(out);
        } else {
            try (InputStream in = read(new ByteRange(0, size() - 1)).asStream()) {
                in.transferTo(out);
            }
        }
    }

    private synchronized @Nullable HeapBytes openHeap() throws IOException {
        requireOpen();
        return heap;
    }

    private synchronized RangeBlocks read(ByteRange range) throws IOException {
        requireOpen();
        return heap == null ? Objects.requireNonNull(holdings.file()).read(range) : heap.read(range);
    }

    /**
     * What was kept as a representation, which closes the spool when it is released; nothing may be kept any more.
     *
     * @param known what names the bytes already; without a tag there, one is made of them
     * @param contentType the media type to send, or empty if the response has it already
     */
    synchronized Representation representation(
            Validators known, Optional<String> contentType, Optional<String> contentCoding) {
        byte[] sha256 = digest.digest();
        Validators validators = known.entityTag().isPresent()
                ? known
                : Validators.of(Optional.of(EntityTagSource.contentTag(sha256)), known.lastModified());
        return new Kept(size, validators, contentType, contentCoding, Optional.of(sha256), this);
    }

    synchronized long size() {
        return size;
    }

    synchronized SpoolPlace place() {
        return holdings.file() == null ? SpoolPlace.HEAP : SpoolPlace.DISK;
    }

    @Override
    public synchronized void close() {
        if (heap != null) {
            heap.close();
            heap = null;
        }
        directory.closed(holdings);
    }

    /** The spool seen as a representation. */
    private record Kept(
            long length,
            Validators validators,
            Optional<String> contentType,
            Optional<String> contentCoding,
            Optional<byte[]> sha256,
            Spool spool)
            implements Representation {

        @Override
        public InputStream open(ByteRange range) throws IOException {
            return spool.read(range).asStream();
        }

        @Override
        public Optional<RangeBlocks> blocks(ByteRange range) throws IOException {
            return Optional.of(spool.read(range));
        }

        @Override
        public void release() {
            spool.close();
        }
    }
}
