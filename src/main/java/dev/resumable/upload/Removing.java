// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** How an upload ends without becoming a file: its owner does not want it any more, or nobody goes on with it. */
final class Removing {

    private final UploadEngine engine;

    Removing(UploadEngine engine) {
        this.engine = engine;
    }

    UploadOutcome cancel(UploadId id, String owner, String protocol) throws IOException {
        UploadOutcome before = engine.changeable(id, owner, protocol);
        if (!(before instanceof Found)) {
            return before;
        }
        // Who holds it is asked again and again, so that a completion that begins meanwhile gives up too.
        Optional<Lease> lease = engine.lease(Scope.whole(id), Urgency.NOW, UploadEngine.UNMOVED);
        if (lease.isEmpty()) {
            return UploadEngine.busy();
        }
        try (Lease held = lease.get()) {
            UploadOutcome now = engine.changeable(id, owner, protocol);
            return now instanceof Found found
                    ? remove(engine.claimed(found.state(), held), listener -> listener.cancelled(found.state()))
                    : now;
        }
    }

    /** Removes what nobody knows of but its maker, also while the server stops. */
    void discard(UploadId id) throws IOException {
        remove(id, Urgency.NOW, UploadListener::cancelled);
    }

    /** Takes back a creation that has failed after all, but not one that has brought bytes: its client may know of it, and go on. */
    UploadOutcome takeBack(UploadId id) throws IOException {
        boolean isEmpty = engine.store()
                .states()
                .find(id)
                .filter(state -> state.status() == UploadStatus.OPEN && state.offset() == 0)
                .isPresent();
        if (isEmpty) {
            discard(id);
        }
        return new Removed();
    }

    /** Removes what is not needed any more, unless a request is at work on it; nobody is told, since nothing is lost. */
    void drop(UploadId id) throws IOException {
        remove(id, Urgency.IF_FREE, (listener, state) -> {});
    }

    private void remove(UploadId id, Urgency urgency, BiConsumer<UploadListener, UploadState> report)
            throws IOException {
        Optional<Lease> lease = engine.lease(Scope.whole(id), urgency, UploadEngine.UNMOVED);
        if (lease.isPresent()) {
            try (Lease held = lease.get()) {
                Optional<UploadState> state = engine.store().states().find(id);
                if (state.isPresent()) {
                    remove(engine.claimed(state.get(), held), listener -> report.accept(listener, state.get()));
                }
            }
        }
    }

    /** Removes a file; its bytes go with the last file that has them. */
    UploadOutcome removeFile(StoredFile file) throws IOException {
        settle(file);
        Optional<UploadId> blob = engine.store().catalogue().remove(file);
        if (blob.isPresent()) {
            removeBlob(blob.get());
        }
        return new Removed();
    }

    /**
     * An upload that has become the file, but whose state could not say so, would make it again. If even now it cannot, the file
     * goes all the same: a removal must be possible where there is no room to write.
     */
    private void settle(StoredFile file) throws IOException {
        for (UploadState state : engine.store().states().interrupted()) {
            if (state.file().equals(Optional.of(file.id()))) {
                Attempt.outcomeOf(() -> engine.complete(
                        state.id(), state.plan().owner(), state.plan().protocol()));
            }
        }
    }

    /**
     * Removes the bytes of files that are gone. The catalogue remembers them until this is done, and it is left to the sweeper
     * while the upload that they came from is worked on: it may be about to add its file again.
     */
    void removeBlob(UploadId blob) throws IOException {
        Optional<Lease> lease = engine.lease(Scope.whole(blob), Urgency.IF_FREE, UploadEngine.UNMOVED);
        if (lease.isPresent()) {
            try (Lease held = lease.get()) {
                engine.store().bodies().deleteBlob(blob);
                engine.store().catalogue().forget(blob);
            }
        }
    }

    /**
     * Removes an upload that has expired, but none that a request works on. One that is whole becomes a file first: its client
     * was told that all is there. It is kept as long as that fails for reasons that may pass.
     *
     * @return whether it is gone
     */
    boolean expire(UploadId id) throws IOException {
        Optional<Lease> lease = engine.lease(
                Scope.whole(id), Urgency.IF_FREE, engine.completing().running().holder(id));
        if (lease.isEmpty()) {
            return false;
        }
        try (Lease held = lease.get()) {
            Optional<UploadState> found = engine.store()
                    .states()
                    .find(id)
                    .filter(state -> state.expires().isBefore(Instant.now()));
            return found.isPresent() && expire(engine.claimed(found.get(), held)) instanceof Removed;
        }
    }

    private UploadOutcome expire(UploadState state) throws IOException {
        if (state.awaitsFile()) {
            UploadOutcome outcome = engine.completing().completeLeased(state);
            if (!(outcome instanceof Failed failed && Completing.isDecided(failed))) {
                return outcome;
            }
        }
        return remove(state, listener -> listener.expired(state));
    }

    /** The state first: without it the bytes are nobody's, and are removed after a crash too. */
    private UploadOutcome remove(UploadState state, Consumer<UploadListener> report) throws IOException {
        if (state.status() == UploadStatus.COMPLETING) {
            // Too late: there is a file, or is about to be one.
            UploadOutcome outcome = engine.completing().completeLeased(state);
            return outcome instanceof Completed done ? remove(done.state(), listener -> {}) : outcome;
        }
        if (engine.store().states().delete(state) == Change.STALE) {
            return UploadEngine.busy();
        }
        engine.store().bodies().delete(state.id());
        engine.hashes().forget(state.id());
        if (state.status() == UploadStatus.OPEN) {
            engine.tell(report);
        }
        return new Removed();
    }
}
