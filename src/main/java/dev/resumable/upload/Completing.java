// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.RunningCompletions.Run;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an upload becomes a file: once, whole, and the same one however often it is tried.
 *
 * <p>The file's id is settled in the state before the file is made. From there every step can be done again, so a crash at
 * any moment is healed by going on: the bytes are renamed to a blob, the catalogue takes the file, the state says so.
 */
final class Completing {

    /** Who shares a completion holds no more than who runs it, and gives up after so many times what is usual: ten minutes. */
    static final int PATIENT = 120;

    private final UploadEngine engine;
    private final RunningCompletions running;

    Completing(UploadEngine engine) {
        this.engine = engine;
        this.running = new RunningCompletions();
    }

    /** Completes an upload, or waits for the completion that is under way: however many ask, all get the same answer. */
    UploadOutcome complete(UploadId id, String owner, String protocol) throws IOException {
        UploadOutcome before = engine.changeable(id, owner, protocol);
        Optional<UploadOutcome> known = before instanceof Found found ? known(found.state()) : Optional.of(before);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<Lease> lease = engine.leaseWhenIdle(owner, Scope.whole(id), running.holder(id));
        if (lease.isEmpty()) {
            // It has begun while this request waited for the lease, and may even have ended.
            UploadOutcome after = engine.changeable(id, owner, protocol);
            return after instanceof Found found ? known(found.state()).orElseGet(UploadEngine::busy) : after;
        }
        return complete(id, owner, protocol, lease.get());
    }

    /** Completes an upload if nobody is at work on it; waits for no other request, whatever that does. */
    UploadOutcome completeIfFree(UploadId id, String owner, String protocol) throws IOException {
        Optional<Lease> lease = engine.lease(Scope.whole(id), Urgency.IF_FREE, running.holder(id));
        if (lease.isPresent()) {
            return complete(id, owner, protocol, lease.get());
        }
        UploadOutcome now = engine.changeable(id, owner, protocol);
        if (now instanceof Found found) {
            return found.state().status() == UploadStatus.COMPLETE ? replay(found.state()) : UploadEngine.busy();
        }
        return now;
    }

    private UploadOutcome complete(UploadId id, String owner, String protocol, Lease lease) throws IOException {
        try (Lease held = lease) {
            UploadOutcome now = engine.changeable(id, owner, protocol);
            return now instanceof Found found ? completeLeased(engine.claimed(found.state(), held)) : now;
        }
    }

    private Optional<UploadOutcome> known(UploadState state) throws IOException {
        return state.status() == UploadStatus.COMPLETE
                ? Optional.of(replay(state))
                : running.share(
                        state.id(), state.plan().owner(), engine.patience().multipliedBy(PATIENT));
    }

    /** The completions that are under way. */
    RunningCompletions running() {
        return running;
    }

    /** Completes an upload whose lease the caller holds. */
    UploadOutcome completeLeased(UploadState state) throws IOException {
        return state.status() == UploadStatus.COMPLETE
                ? replay(state)
                : running.run(state.id(), run -> complete(state, run));
    }

    private UploadOutcome complete(UploadState state, Run run) throws IOException {
        if (state.status() == UploadStatus.COMPLETING) {
            return publish(state);
        }
        if (state.length().isPresent() && !state.isWhole()) {
            return incomplete(state);
        }
        Optional<String> sha256 = engine.hashes().of(state, run::mayGoOn);
        if (sha256.isEmpty()) {
            return givenUp();
        }
        Optional<Failed> wrong = check(state, sha256.get());
        if (wrong.isPresent()) {
            return wrong.get();
        }
        if (!run.mayGoOn()) {
            return givenUp();
        }
        UploadState next = state.completing(FileId.random(), sha256.get());
        if (engine.store().states().replace(next) == Change.STALE) {
            return UploadOutcome.failed(UploadProblem.TAKEN_OVER, "Another request has changed the upload.");
        }
        return publish(next);
    }

    private Failed givenUp() {
        return engine.isClosed()
                ? UploadEngine.shuttingDown()
                : UploadOutcome.failed(UploadProblem.TAKEN_OVER, "The upload is being removed.");
    }

    private Optional<Failed> check(UploadState state, String sha256) throws IOException {
        if (!state.plan().sha256().orElse(sha256).equals(sha256)) {
            return Optional.of(UploadOutcome.failed(
                    UploadProblem.FILE_DIGEST_MISMATCH,
                    "The whole does not have the digest that was announced for it.",
                    Map.of("sha256", sha256)));
        }
        return engine.askBeforeCompletion(state, sha256).map(Completing::refused);
    }

    /** Whether this upload will never become a file, however often it is tried; all else that fails may pass. */
    static boolean isDecided(Failed failed) {
        return failed.problem() == UploadProblem.FILE_DIGEST_MISMATCH
                || (failed.problem() == UploadProblem.REFUSED && failed.status() < 500);
    }

    static Failed refused(Refusal refusal) {
        return new Failed(UploadProblem.REFUSED, refusal.status(), refusal.detail(), Map.of());
    }

    /** The answer to a completion that was done before. */
    UploadOutcome replay(UploadState state) throws IOException {
        Optional<StoredFile> file = state.file().isPresent()
                ? engine.store()
                        .catalogue()
                        .find(state.plan().owner(), state.file().get())
                : Optional.empty();
        return file.isPresent()
                ? new Completed(state, file.get())
                : UploadOutcome.failed(UploadProblem.FILE_DELETED, "The file of this upload was deleted.");
    }

    private UploadOutcome publish(UploadState state) throws IOException {
        try {
            StoredFile file = catalogued(state);
            if (!file.blob().equals(state.id())) {
                // The same bytes were there, from whomever: this copy is not needed.
                engine.store().bodies().deleteBlob(state.id());
            }
            UploadState done = state.completed(engine.expiry());
            engine.store().states().replace(done);
            engine.hashes().forget(state.id());
            engine.tell(listener -> listener.completed(done, file));
            return new Completed(done, file);
        } catch (NoSuchFileException e) {
            // There are no bytes any more: the file was there, and was deleted before a crash kept the state from
            // saying so.
            engine.store().states().replace(state.completed(engine.expiry()));
            return UploadOutcome.failed(UploadProblem.FILE_DELETED, "The file of this upload was deleted.");
        } catch (StorageFullException e) {
            return UploadOutcome.failed(UploadProblem.STORAGE_FULL, "There is no room to finish the upload.");
        }
    }

    private StoredFile catalogued(UploadState state) throws IOException {
        FileId id = state.file().orElseThrow(() -> new IllegalStateException("no file id"));
        String sha256 = state.sha256().orElseThrow(() -> new IllegalStateException("no hash"));
        Optional<StoredFile> present =
                engine.store().catalogue().find(state.plan().owner(), id);
        if (present.isPresent()) {
            return present.get();
        }
        engine.store().bodies().finish(state);
        return engine.store()
                .catalogue()
                .add(new StoredFile(
                        id,
                        state.plan().owner(),
                        state.plan().fileName(),
                        state.plan().mediaType(),
                        state.offset(),
                        sha256,
                        state.id(),
                        Instant.now()));
    }

    private static UploadOutcome incomplete(UploadState state) {
        List<Integer> missing = missing(state);
        return UploadOutcome.failed(
                UploadProblem.PARTS_MISSING,
                "Not all bytes are there.",
                state.plan().layout().isPresent() ? Map.of("missing", missing) : Map.of("offset", state.offset()));
    }

    /** The numbers of the parts that are not there. */
    static List<Integer> missing(UploadState state) {
        List<Integer> missing = new ArrayList<>();
        int count = state.plan().layout().map(PartLayout::count).orElse(0);
        for (int number = 1; number <= count; number++) {
            if (!state.parts().containsKey(number)) {
                missing.add(number);
            }
        }
        return missing;
    }
}
