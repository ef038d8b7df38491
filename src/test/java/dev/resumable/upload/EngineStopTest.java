// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStatus;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that stops, and watches over slow clients, while others are at work on its store. */
@DisplayName("beside work that takes long")
class EngineStopTest {

    private static final byte[] WHOLE = bytes(1, 300);

    /** Longer than any step of these tests takes on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Queue<String> late = new ConcurrentLinkedQueue<>();
    private volatile String slow = "";
    private volatile int before;
    private volatile boolean isClosed;

    @AfterEach
    void release() {
        released.countDown();
    }

    /** An engine that waits this long for others, on a store that notes what is asked of it after it was closed. */
    private UploadEngine engine(Duration patience) throws IOException {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        UploadStore observed = new UploadStore(store.bodies(), store.states(), store.locks(), store.catalogue(), () -> {
            isClosed = true;
            store.close();
        });
        UploadConfig config = UploadConfig.builder(directory)
                .readTimeout(Duration.ofMillis(1))
                .build();
        return new UploadEngine(
                TroubledStore.of(observed, (method, arguments) -> step(method)),
                config,
                new UploadListener() {},
                patience);
    }

    private void step(String method) {
        if (isClosed) {
            late.add(method);
        }
        if (method.equals(slow) && before-- == 0) {
            reached.countDown();
            awaitLatch(released);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            fail("interrupted", e);
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "worker").start();
        return task;
    }

    /** Starts what gets stuck at this method of the store, after so many calls of it. */
    private <T> FutureTask<T> stuckIn(String method, int after, Callable<T> work) {
        before = after;
        slow = method;
        FutureTask<T> task = start(work);
        awaitLatch(reached);
        return task;
    }

    private static UploadId allParts(UploadEngine engine) throws IOException {
        UploadPlan plan = EngineFixture.plan(
                OWNER,
                Completion.ASKED,
                Optional.of(new dev.resumable.upload.store.PartLayout(WHOLE.length, WHOLE.length)));
        UploadId id = EngineFixture.created(engine.create(plan, OptionalLong.of(WHOLE.length)));
        EngineFixture.whole(
                engine.part(id, OWNER, PROTOCOL, new PartRequest(1, OptionalLong.empty(), BodyDigests.none())), WHOLE);
        return id;
    }

    private static UploadId empty(UploadEngine engine, Completion completion, long length) throws IOException {
        return EngineFixture.created(
                engine.create(EngineFixture.plan(OWNER, completion, Optional.empty()), OptionalLong.of(length)));
    }

    private static BodySink append(UploadEngine engine, UploadId id) throws IOException {
        return EngineFixture.open(engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, BodyDigests.none())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"finish", "add", "replace"})
    @DisplayName("a stop does not wait for ever, and the store is closed when a completion has ended")
    void completionOutlivesTheStop(String step) throws Exception {
        UploadEngine engine = engine(Duration.ofMillis(1));
        UploadId id = allParts(engine);
        FutureTask<UploadOutcome> completion = stuckIn(step, 0, () -> engine.complete(id, OWNER, PROTOCOL));

        start(() -> {
                    engine.close();
                    return true;
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(isClosed).isFalse();
        released.countDown();

        assertThat(completion.get(60, TimeUnit.SECONDS)).isInstanceOf(Completed.class);
        await().until(() -> isClosed);
        assertThat(late).isEmpty();
    }

    @Test
    @DisplayName("a stop makes a completion give up that has no file yet, and waits for it")
    void completionGivesUp() throws Exception {
        UploadEngine engine = engine(PATIENT);
        UploadId id = allParts(engine);
        FutureTask<UploadOutcome> completion = stuckIn("read", 0, () -> engine.complete(id, OWNER, PROTOCOL));
        FutureTask<Boolean> stop = start(() -> {
            engine.close();
            return isClosed;
        });
        await().until(engine::isClosed);
        released.countDown();

        assertThat(problem(completion.get(60, TimeUnit.SECONDS))).isEqualTo(UploadProblem.SHUTTING_DOWN);
        assertThat(stop.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(late).isEmpty();
        try (EngineFixture after = EngineFixture.in(directory)) {
            assertThat(after.look(id).status()).isEqualTo(UploadStatus.OPEN);
            assertThat(((Completed) after.engine.complete(id, OWNER, PROTOCOL))
                            .file()
                            .sha256())
                    .isEqualTo(hex(WHOLE));
        }
    }

    @Test
    @DisplayName("a stop ends a join, of which nothing is left but the pieces")
    void joinGivesUp() throws Exception {
        UploadEngine engine = engine(PATIENT);
        UploadId one = empty(engine, Completion.PIECE, WHOLE.length);
        UploadId two = empty(engine, Completion.PIECE, WHOLE.length);
        for (UploadId piece : List.of(one, two)) {
            BodySink sink = append(engine, piece);
            sink.write(WHOLE, 0, WHOLE.length);
            sink.end(Ending.WHOLE);
        }
        UploadPlan plan = EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty());
        FutureTask<UploadOutcome> join = stuckIn("read", 1, () -> engine.join(plan, List.of(one, two)));
        FutureTask<Boolean> stop = start(() -> {
            engine.close();
            return isClosed;
        });
        await().until(engine::isClosed);
        released.countDown();

        assertThat(problem(join.get(60, TimeUnit.SECONDS))).isEqualTo(UploadProblem.SHUTTING_DOWN);
        assertThat(stop.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(late).isEmpty();
        try (EngineFixture after = EngineFixture.in(directory)) {
            assertThat(after.store.states().unfinished(OWNER))
                    .extracting(state -> state.id())
                    .containsExactlyInAnyOrder(one, two);
        }
    }

    @Test
    @DisplayName("a stop ends the bodies that come, and the one that is just being finished ends after it")
    void bodies() throws Exception {
        UploadEngine engine = engine(Duration.ofMillis(1));
        BodySink stuck = append(engine, empty(engine, Completion.BY_LENGTH, WHOLE.length));
        BodySink other = append(engine, empty(engine, Completion.BY_LENGTH, WHOLE.length));
        for (BodySink sink : List.of(stuck, other)) {
            engine.running().watch(sink);
            sink.write(WHOLE, 0, 200);
        }
        FutureTask<UploadOutcome> end = stuckIn("replace", 0, () -> {
            stuck.checkpoint();
            return stuck.outcome();
        });
        slow = "";

        start(() -> {
                    engine.close();
                    return true;
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(problem(other.outcome())).isEqualTo(UploadProblem.SHUTTING_DOWN);
        assertThat(isClosed).isFalse();
        released.countDown();

        assertThat(problem(end.get(60, TimeUnit.SECONDS))).isEqualTo(UploadProblem.SHUTTING_DOWN);
        await().until(() -> isClosed);
        assertThat(late).isEmpty();
    }

    @Test
    @DisplayName("a body that was opened just before a stop ends at once")
    void lateBody() throws Exception {
        UploadEngine engine = engine(PATIENT);
        UploadId id = empty(engine, Completion.BY_LENGTH, WHOLE.length);
        FutureTask<BodySink> opening = stuckIn("append", 0, () -> append(engine, id));
        FutureTask<Boolean> stop = start(() -> {
            engine.close();
            return isClosed;
        });
        await().until(engine::isClosed);
        released.countDown();

        BodySink sink = opening.get(60, TimeUnit.SECONDS);
        assertThat(stop.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sink.write(WHOLE, 0, 10)).isFalse();
        assertThat(problem(sink.outcome())).isEqualTo(UploadProblem.SHUTTING_DOWN);
        assertThat(late).isEmpty();
    }

    @Test
    @DisplayName("the watch over slow clients goes on with the others")
    void watch() throws Exception {
        UploadEngine engine = engine(PATIENT);
        BodySink finishing = append(engine, empty(engine, Completion.BY_LENGTH, WHOLE.length));
        finishing.write(WHOLE, 0, WHOLE.length);
        engine.running().watch(finishing);
        FutureTask<UploadOutcome> end = stuckIn("replace", 0, () -> finishing.end(Ending.WHOLE));
        slow = "";
        BodySink idle = append(engine, empty(engine, Completion.BY_LENGTH, WHOLE.length));
        engine.running().watch(idle);
        await().until(() -> idle.idleNanos() > Duration.ofMillis(1).toNanos());

        start(() -> {
                    engine.running().endSlow();
                    return true;
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(problem(idle.outcome())).isEqualTo(UploadProblem.TOO_SLOW);
        released.countDown();

        assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(Completed.class);
        engine.close();
        assertThat(isClosed).isTrue();
    }
}
