// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done again and again for uploads that nobody asks for: whole ones become files, expired ones go, and so do the bytes
 * of deleted files.
 *
 * <p>One upload that fails is tried again by the next sweep, and keeps no other from being looked after.
 */
final class Sweeper {

    private static final Logger LOG = System.getLogger(Sweeper.class.getName());
    private static final int AT_ONCE = 100;

    private final UploadEngine engine;
    private final Removing removing;
    /** Whole uploads that never become files: the application need not be asked again. */
    private final Set<UploadId> refused = new HashSet<>();

    Sweeper(UploadEngine engine, Removing removing) {
        this.engine = engine;
        this.removing = removing;
    }

    /** Does all that can be done now. */
    synchronized void sweep() {
        attempt("uploads that are whole", this::completeWhole);
        attempt("uploads that have expired", this::removeExpired);
        attempt("bytes of deleted files", this::removeBlobs);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(String what, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            // Perhaps one of thousands, if the disk or the database is away.
            LOG.log(Level.WARNING, "looking after " + what + " failed, and is tried again: " + e);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "looking after " + what + " failed, and is tried again", e);
        }
    }

    // ---- whole uploads: after a crash, or since completing has failed

    private void completeWhole() throws IOException {
        List<UploadState> whole = engine.store().states().interrupted();
        refused.retainAll(whole.stream().map(UploadState::id).toList());
        for (UploadState state : whole) {
            if (!engine.isClosed() && !refused.contains(state.id())) {
                attempt("upload " + state.id(), () -> complete(state.id()));
            }
        }
    }

    private void complete(UploadId id) throws IOException {
        Optional<Lease> lease = engine.lease(
                Scope.whole(id), Urgency.IF_FREE, engine.completing().running().holder(id));
        if (lease.isEmpty()) {
            // A request is at work, perhaps at just that.
            return;
        }
        try (Lease held = lease.get()) {
            Optional<UploadState> state = engine.store().states().find(id).filter(UploadState::awaitsFile);
            if (state.isPresent()
                    && engine.completing().completeLeased(engine.claimed(state.get(), held)) instanceof Failed failed
                    && Completing.isDecided(failed)) {
                refused.add(id);
            }
        }
    }

    // ---- expired uploads

    private void removeExpired() throws IOException {
        Set<UploadId> kept = new HashSet<>();
        while (!engine.isClosed()) {
            List<UploadId> expired = engine.store().states().expired(Instant.now(), AT_ONCE + kept.size()).stream()
                    .map(UploadState::id)
                    .filter(id -> !kept.contains(id))
                    .toList();
            if (expired.isEmpty()) {
                return;
            }
            for (UploadId id : expired) {
                // Kept until it is known to be gone: else one that fails would be met for ever.
                kept.add(id);
                attempt("upload " + id, () -> {
                    if (removing.expire(id)) {
                        kept.remove(id);
                    }
                });
            }
        }
    }

    // ---- deleted files

    private void removeBlobs() throws IOException {
        for (UploadId blob : engine.store().catalogue().unreferenced()) {
            attempt("the bytes " + blob, () -> removing.removeBlob(blob));
        }
    }
}
