// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.BodyWriter;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What writing an append and writing a part have in common: a lease, a writer, digests, and the hash of the whole. */
abstract class UploadWriting extends BodySink {

    private static final Logger LOG = System.getLogger(UploadWriting.class.getName());

    protected final UploadEngine engine;
    protected final BodyDigests digests;
    private @Nullable Lease lease;
    private @Nullable BodyWriter writer;
    private @Nullable UploadState state;
    private Optional<WholeHash> hash = Optional.empty();

    UploadWriting(UploadEngine engine, BodyDigests digests) {
        this.engine = engine;
        this.digests = digests;
    }

    /** Starts: from now on bytes may come, and the lease may be asked for. */
    final void begin(Lease newLease, BodyWriter newWriter, UploadState current, Optional<WholeHash> newHash) {
        lease = newLease;
        writer = newWriter;
        state = current;
        hash = newHash;
        engine.running().add(current.id(), this);
    }

    protected final BodyWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("not begun");
        }
        return writer;
    }

    /** The upload as this request knows it. */
    protected final UploadState state() {
        if (state == null) {
            throw new IllegalStateException("not begun");
        }
        return state;
    }

    protected final void now(UploadState next) {
        state = next;
    }

    protected final Optional<WholeHash> hash() {
        return hash;
    }

    protected final void now(WholeHash next) {
        hash = Optional.of(next);
    }

    protected final void writeOn(byte[] bytes, int offset, int length) throws IOException {
        writer().write(bytes, offset, length);
        digests.update(bytes, offset, length);
        hash.ifPresent(running -> running.update(bytes, offset, length));
    }

    /** The answer to a body that did not come to its end. */
    protected static Failed broken(Ending how, Map<String, Object> members) {
        return switch (how) {
            case TAKEN_OVER ->
                UploadOutcome.failed(UploadProblem.TAKEN_OVER, "Another request went on with the upload.", members);
            case TOO_SLOW -> UploadOutcome.failed(UploadProblem.TOO_SLOW, "The body came too slowly.", members);
            case NO_PLACE ->
                UploadOutcome.failed(UploadProblem.OVERLOADED, "Too many bodies come in; try again soon.", members);
            case SHUTDOWN -> UploadOutcome.failed(UploadProblem.SHUTTING_DOWN, "The server is stopping.", members);
            default -> UploadOutcome.failed(UploadProblem.INCOMPLETE_BODY, "The body ended early.", members);
        };
    }

    /** The answer to a store that failed. */
    protected static Failed broken(IOException failure, Map<String, Object> members) {
        return failure instanceof StorageFullException
                ? UploadOutcome.failed(UploadProblem.STORAGE_FULL, "There is no room for more bytes.", members)
                : UploadOutcome.failed(UploadProblem.STORE_FAILED, "The bytes could not be stored.", members);
    }

    /** Ends the writing; the lease goes last, so that the next writer finds the file free. */
    @Override
    protected final void release() {
        engine.counted().received(outcome(), taken());
        engine.running().remove(state().id(), this);
        closeWriter();
        engine.quota().release(state().id());
        if (lease != null) {
            lease.close();
        }
        engine.work().end();
    }

    protected final void closeWriter() {
        try {
            writer().close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the file of an upload could not be closed", e);
        }
    }
}
