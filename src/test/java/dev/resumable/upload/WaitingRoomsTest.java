// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("of requests that wait for others")
class WaitingRoomsTest {

    private static final String OTHER = "bob";

    @TempDir
    private Path directory;

    private final List<Thread> threads = new ArrayList<>();

    private FutureTask<UploadOutcome> completing(UploadEngine engine, UploadId id, String owner) {
        FutureTask<UploadOutcome> task = new FutureTask<>(() -> engine.complete(id, owner, PROTOCOL));
        Thread thread = new Thread(task, "waiter");
        threads.add(thread);
        thread.start();
        return task;
    }

    private static UploadId create(UploadEngine engine, String owner) throws IOException {
        return EngineFixture.created(
                engine.create(EngineFixture.plan(owner, Completion.ASKED, Optional.empty()), OptionalLong.of(10)));
    }

    private static Lease held(UploadStore store, UploadId id) throws Exception {
        return store.locks()
                .acquire(Scope.whole(id), Urgency.IF_FREE, Duration.ZERO, UploadEngine.UNMOVED)
                .orElseThrow();
    }

    @Test
    @DisplayName("those of one owner take no places from another")
    void perOwner() throws Exception {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        try (UploadEngine engine = new UploadEngine(
                store, UploadConfig.defaults(directory), new UploadListener() {}, Duration.ofSeconds(60))) {
            List<UploadId> uploads = new ArrayList<>();
            List<Lease> leases = new ArrayList<>();
            List<FutureTask<UploadOutcome>> waiting = new ArrayList<>();
            for (int i = 0; i <= WaitingRooms.PLACES; i++) {
                UploadId id = create(engine, OWNER);
                uploads.add(id);
                leases.add(held(store, id));
            }
            UploadId others = create(engine, OTHER);
            leases.add(held(store, others));
            for (UploadId id : uploads.subList(1, uploads.size())) {
                waiting.add(completing(engine, id, OWNER));
            }
            await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));

            assertThat(problem(engine.complete(uploads.get(0), OWNER, PROTOCOL)))
                    .isEqualTo(UploadProblem.BUSY);
            waiting.add(completing(engine, others, OTHER));
            await().until(() -> threads.get(threads.size() - 1).getState() == Thread.State.TIMED_WAITING);
            leases.forEach(Lease::close);

            for (FutureTask<UploadOutcome> outcome : waiting) {
                assertThat(problem(outcome.get(20, TimeUnit.SECONDS))).isEqualTo(UploadProblem.PARTS_MISSING);
            }
            assertThat(problem(engine.complete(uploads.get(0), OWNER, PROTOCOL)))
                    .isEqualTo(UploadProblem.PARTS_MISSING);
        }
    }

    @Test
    @DisplayName("a removal needs no place")
    void aRemovalNeedsNone() throws Exception {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        try (UploadEngine engine = new UploadEngine(
                store, UploadConfig.defaults(directory), new UploadListener() {}, Duration.ofSeconds(60))) {
            UploadId busy = create(engine, OWNER);
            Lease unmoved = held(store, busy);
            List<FutureTask<UploadOutcome>> waiting = new ArrayList<>();
            for (int i = 0; i < WaitingRooms.PLACES; i++) {
                waiting.add(completing(engine, busy, OWNER));
            }
            await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
            UploadId unwanted = create(engine, OWNER);
            AtomicReference<Lease> lettingGo = new AtomicReference<>();
            lettingGo.set(store.locks()
                    .acquire(
                            Scope.whole(unwanted),
                            Urgency.IF_FREE,
                            Duration.ZERO,
                            urgency -> lettingGo.get().close())
                    .orElseThrow());

            assertThat(engine.cancel(unwanted, OWNER, PROTOCOL)).isInstanceOf(Removed.class);
            unmoved.close();
            for (FutureTask<UploadOutcome> outcome : waiting) {
                assertThat(problem(outcome.get(20, TimeUnit.SECONDS))).isEqualTo(UploadProblem.PARTS_MISSING);
            }
        }
    }
}
