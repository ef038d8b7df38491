// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.Representation;
import dev.resumable.content.Sha256;
import dev.resumable.http.ByteRange;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.commons.io.output.UnsynchronizedByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one response, digested as they come: in the heap up to a threshold, all of them in a temporary file beyond.
 *
 * <p>Belongs to one exchange; closing it frees heap, file and the bytes reserved for it.
 */
final class Spool implements AutoCloseable {

    private static final int FIRST_BLOCK = 16 << 10;

    private final SpoolDirectory directory;
    private final MessageDigest digest = Sha256.newDigest();
    private @Nullable UnsynchronizedByteArrayOutputStream heap = UnsynchronizedByteArrayOutputStream.builder()
            .setBufferSize(FIRST_BLOCK)
            .get();
    private @Nullable SpoolFile file;
    private long size;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        CLOSED
    }

    Spool(SpoolDirectory directory) {
        this.directory = directory;
    }

    /**
     * Keeps the bytes, or answers false and has taken none of them: a limit is reached or the disk is full.
     *
     * @throws IOException if the spool is closed: a container may end an exchange while the application still writes
     */
    synchronized boolean keep(byte[] bytes, int offset, int length) throws IOException {
        if (state == State.CLOSED) {
            // Else a new file would be opened, which nobody closes.
            throw new IOException("the exchange is over");
        }
        if (length > directory.maxFileSize() - size) {
            return false;
        }
        if (heap != null && size + length <= directory.heapThreshold()) {
            heap.write(bytes, offset, length);
        } else if (!keepOnDisk(bytes, offset, length)) {
            return false;
        }
        digest.update(bytes, offset, length);
        size += length;
        return true;
    }

    private boolean keepOnDisk(byte[] bytes, int offset, int length) {
        if (!directory.reserve(file == null ? size + length : length)) {
            return false;
        }
        long reserved = file == null ? size + length : length;
        try {
            if (file == null) {
                file = spill();
            }
            file.append(bytes, offset, length);
            heap = null;
            return true;
        } catch (IOException e) {
            directory.released(reserved);
            directory.reportFailure(e);
            if (heap != null && file != null) {
                // What is in the heap is still whole; a half-written copy of it is of no use.
                file.close();
                file = null;
            }
            return false;
        }
    }

    private SpoolFile spill() throws IOException {
        SpoolFile opened = directory.open();
        try {
            if (heap != null) {
                heap.writeTo(opened.asStream());
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** Copies all that was kept. */
    void copyTo(OutputStream out) throws IOException {
        if (heap != null) {
            heap.writeTo(out);
        } else if (size > 0) {
            try (InputStream in = open(new ByteRange(0, size - 1))) {
                in.transferTo(out);
            }
        }
    }

    private InputStream open(ByteRange range) throws IOException {
        if (file != null) {
            return file.open(range);
        }
        if (heap == null) {
            throw new IOException("spool is closed");
        }
        InputStream in = heap.toInputStream();
        in.skipNBytes(range.first());
        return BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(range.length())
                .get();
    }

    /** What was kept as a representation, valid until the spool is closed; nothing may be kept any more. */
    Representation representation(
            Optional<EntityTag> ownTag, Optional<Instant> lastModified, Optional<String> contentCoding) {
        byte[] sha256 = digest.digest();
        Validators validators = new Validators(
                Optional.of(ownTag.orElseGet(() -> EntityTagSource.contentTag(sha256))),
                java.util.List.of(),
                lastModified);
        return new Kept(size, validators, contentCoding, Optional.of(sha256), this);
    }

    long size() {
        return size;
    }

    @Override
    public synchronized void close() {
        state = State.CLOSED;
        heap = null;
        if (file != null) {
            file.close();
            file = null;
            directory.released(size);
        }
    }

    /** The spool seen as a representation; the media type is on the response already. */
    private record Kept(
            long length, Validators validators, Optional<String> contentCoding, Optional<byte[]> sha256, Spool spool)
            implements Representation {

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        public InputStream open(ByteRange range) throws IOException {
            return spool.open(range);
        }
    }
}
