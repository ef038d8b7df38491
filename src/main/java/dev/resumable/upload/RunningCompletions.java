// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Holder;
import dev.resumable.upload.store.UploadLocks.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The completions that are under way, at most one of each upload: to hash a large file may take minutes.
 *
 * <p>Whoever wants the same waits for its answer and shares it. Whoever removes the upload makes it give up, as its
 * {@link #holder}, which it does until the upload is about to be a file; from there on it goes on to its end.
 */
final class RunningCompletions {

    private final Map<UploadId, Run> runs = new ConcurrentHashMap<>();
    /** Rooms of their own: who shares may wait long, and must keep nobody from what takes a moment. */
    private final WaitingRooms rooms = new WaitingRooms();

    private volatile boolean stopping;

    /** One of them. */
    final class Run {

        private final CompletableFuture<UploadOutcome> outcome = new CompletableFuture<>();
        private volatile boolean unwanted;

        /** Whether it may go on: nobody removes the upload, and the server does not stop. */
        boolean mayGoOn() {
            return !unwanted && !stopping;
        }
    }

    /** What a run does. */
    @FunctionalInterface
    interface Work {
        UploadOutcome run(Run run) throws IOException;
    }

    /** Runs a completion, whose upload's lease the caller holds. */
    UploadOutcome run(UploadId id, Work work) throws IOException {
        Run run = new Run();
        runs.put(id, run);
        try {
            UploadOutcome outcome = work.run(run);
            run.outcome.complete(outcome);
            return outcome;
        } catch (IOException | RuntimeException e) {
            run.outcome.completeExceptionally(e);
            throw e;
        } finally {
            // After an error too nobody may wait for ever.
            run.outcome.cancel(false);
            runs.remove(id, run);
        }
    }

    /**
     * Waits for the completion of an upload, and gives its answer, or that it is busy if that does not come in this time, or too
     * many requests of its owner wait. Empty if there is none.
     */
    Optional<UploadOutcome> share(UploadId id, String owner, Duration patience) throws IOException {
        Run run = runs.get(id);
        return run == null ? Optional.empty() : Optional.of(await(run, owner, patience));
    }

    /** The one who holds the lease of a completion. */
    Holder holder(UploadId id) {
        return urgency -> {
            Run run = runs.get(id);
            if (run != null && urgency == Urgency.NOW) {
                run.unwanted = true;
            }
        };
    }

    /** Makes all of them give up, as soon as they can. */
    void stop() {
        stopping = true;
    }

    private UploadOutcome await(Run run, String owner, Duration patience) throws IOException {
        if (!rooms.enter(owner)) {
            return UploadEngine.busy();
        }
        try {
            return run.outcome.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return UploadEngine.busy();
        } catch (ExecutionException e) {
            throw new IOException("the completion that was waited for has failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UploadEngine.busy();
        } finally {
            rooms.leave(owner);
        }
    }
}
