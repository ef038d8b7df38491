// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests beside a completion that lasts long. */
@DisplayName("a completion that lasts long")
class RunningCompletionsTest {

    private static final byte[] WHOLE = bytes(1, 300);

    /** Longer than any step of these tests takes on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Asker> askers = new ArrayList<>();
    private volatile String slow = "";
    private volatile String failing = "";
    private EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        open(PATIENT);
    }

    private void open(Duration patience) throws IOException {
        uploads = EngineFixture.waiting(
                patience, directory, (method, arguments) -> trouble(method), new UploadListener() {
                    @Override
                    public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
                        waitIn("hook");
                        return Optional.empty();
                    }
                });
    }

    /** With requests that wait for others no longer than a moment. */
    private void openImpatient() throws IOException {
        uploads.close();
        open(Duration.ofMillis(1));
    }

    @AfterEach
    void close() throws IOException {
        released.countDown();
        for (Asker asker : askers) {
            asker.end();
        }
        uploads.close();
    }

    private void trouble(String method) throws IOException {
        waitIn(method);
        if (method.equals(failing)) {
            throw new IOException("on purpose");
        }
    }

    private void waitIn(String step) {
        if (step.equals(slow)) {
            slow = "";
            reached.countDown();
            awaitLatch(released);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            fail("interrupted", e);
        }
    }

    private Asker asker(Callable<UploadOutcome> request) {
        Asker asker = new Asker(request);
        askers.add(asker);
        return asker;
    }

    private UploadId allParts() throws IOException {
        UploadId id = uploads.createParts(WHOLE.length, WHOLE.length);
        uploads.put(id, 1, WHOLE);
        return id;
    }

    /** A completion that waits in this step. */
    private Asker completing(UploadId id, String step) {
        slow = step;
        Asker first = asker(() -> complete(id));
        awaitLatch(reached);
        return first;
    }

    private UploadOutcome complete(UploadId id) throws IOException {
        return uploads.engine.complete(id, OWNER, PROTOCOL);
    }

    private UploadOutcome cancel(UploadId id) throws IOException {
        return uploads.engine.cancel(id, OWNER, PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "hook", "finish", "add"})
    @DisplayName("gives all who ask meanwhile its own answer")
    void isShared(String step) throws Exception {
        UploadId id = allParts();
        Asker first = completing(id, step);
        List<Asker> others = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Asker other = asker(() -> complete(id));
            other.untilItWaits();
            others.add(other);
        }
        released.countDown();

        StoredFile file = ((Completed) first.outcome()).file();
        assertThat(file.sha256()).isEqualTo(hex(WHOLE));
        for (Asker other : others) {
            assertThat(((Completed) other.outcome()).file()).isEqualTo(file);
        }
        assertThat(uploads.engine.files(OWNER)).containsExactly(file);
    }

    @Test
    @DisplayName("has no more who wait for it than one owner may have")
    void hasABound() throws Exception {
        UploadId id = allParts();
        Asker first = completing(id, "hook");
        for (int i = 0; i < WaitingRooms.PLACES; i++) {
            asker(() -> complete(id)).untilItWaits();
        }

        assertThat(problem(complete(id))).isEqualTo(UploadProblem.BUSY);
        released.countDown();
        assertThat(first.outcome()).isInstanceOf(Completed.class);
        for (Asker asker : askers) {
            assertThat(asker.outcome()).isEqualTo(first.outcome());
        }
    }

    @Test
    @DisplayName(
            "with all the places of those who share it taken gives up for a removal, and takes none from other uploads")
    void aFullRoomIsInNobodysWay() throws Exception {
        UploadId id = allParts();
        UploadId other = allParts();
        Lease held = uploads.store
                .locks()
                .acquire(Scope.whole(other), Urgency.IF_FREE, Duration.ZERO, UploadEngine.UNMOVED)
                .orElseThrow();
        completing(id, "hook");
        for (int i = 0; i < WaitingRooms.PLACES; i++) {
            asker(() -> complete(id)).untilItWaits();
        }
        List<Asker> sharers = List.copyOf(askers);

        Asker beside = asker(() -> complete(other));
        beside.untilItWaits();
        Asker removal = asker(() -> cancel(id));
        removal.untilItWaits();
        held.close();
        assertThat(beside.outcome()).isInstanceOf(Completed.class);
        released.countDown();

        assertThat(removal.outcome()).isInstanceOf(Removed.class);
        for (Asker sharer : sharers) {
            assertThat(problem(sharer.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        }
        assertThat(uploads.store.states().find(id)).isEmpty();
    }

    @Test
    @DisplayName("of the last append is shared as well")
    void ofAnAppendIsShared() throws Exception {
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        slow = "add";
        Asker first = asker(() -> uploads.append(id, 0, WHOLE));
        awaitLatch(reached);
        Asker other = asker(() -> complete(id));
        other.untilItWaits();
        released.countDown();

        assertThat(((Completed) other.outcome()).file()).isEqualTo(((Completed) first.outcome()).file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "hook"})
    @DisplayName("gives up for a removal as long as there is no file, and for all who have waited for it")
    void givesUp(String step) throws Exception {
        UploadId id = allParts();
        Asker first = completing(id, step);
        Asker other = asker(() -> complete(id));
        other.untilItWaits();
        Asker removal = asker(() -> cancel(id));
        removal.untilItWaits();
        released.countDown();

        assertThat(removal.outcome()).isInstanceOf(Removed.class);
        assertThat(problem(first.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(problem(other.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(uploads.engine.files(OWNER)).isEmpty();
        assertThat(uploads.store.states().find(id)).isEmpty();
        try (var left = Files.walk(directory)) {
            assertThat(left.filter(file -> file.toString().contains(id.value())))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("of the last append gives up for a removal too")
    void ofAnAppendGivesUp() throws Exception {
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        slow = "read";
        Asker first = asker(() -> uploads.append(id, 0, WHOLE));
        awaitLatch(reached);
        Asker removal = asker(() -> cancel(id));
        removal.untilItWaits();
        released.countDown();

        assertThat(removal.outcome()).isInstanceOf(Removed.class);
        assertThat(problem(first.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(uploads.engine.files(OWNER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"finish", "add"})
    @DisplayName("is waited for by a removal once there is a file, which stays")
    void isWaitedFor(String step) throws Exception {
        UploadId id = allParts();
        Asker first = completing(id, step);
        Asker removal = asker(() -> cancel(id));
        removal.untilItWaits();
        released.countDown();

        StoredFile file = ((Completed) first.outcome()).file();
        assertThat(removal.outcome()).isInstanceOf(Removed.class);
        assertThat(uploads.store.states().find(id)).isEmpty();
        assertThat(uploads.engine.files(OWNER)).containsExactly(file);
        uploads.store.bodies().open(file.blob(), 0, file.size()).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "hook", "finish", "add"})
    @DisplayName("is not waited for for ever by those who want the same")
    void isNotWaitedForForEver(String step) throws Exception {
        openImpatient();
        UploadId id = allParts();
        Asker first = completing(id, step);

        assertThat(problem(complete(id))).isEqualTo(UploadProblem.BUSY);
        released.countDown();
        assertThat(first.outcome()).isInstanceOf(Completed.class);
    }

    @Test
    @DisplayName("is waited for longer by those who want the same than by a removal")
    void isWaitedForLonger() throws Exception {
        uploads.close();
        open(Duration.ofMillis(500));
        UploadId id = allParts();
        Asker first = completing(id, "finish");
        Asker other = asker(() -> complete(id));
        other.untilItWaits();

        assertThat(problem(cancel(id))).isEqualTo(UploadProblem.BUSY);
        released.countDown();
        assertThat(other.outcome()).isEqualTo(first.outcome()).isInstanceOf(Completed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "hook", "finish", "add"})
    @DisplayName("is waited for no longer than any other request by a removal, which can be tried again")
    void isNotWaitedForForEverByARemoval(String step) throws Exception {
        openImpatient();
        UploadId id = allParts();
        Asker first = completing(id, step);

        assertThat(problem(cancel(id))).isEqualTo(UploadProblem.BUSY);
        released.countDown();
        boolean isFile = first.outcome() instanceof Completed;
        assertThat(isFile).isEqualTo(step.equals("finish") || step.equals("add"));
        assertThat(cancel(id)).isInstanceOf(Removed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "hook", "finish", "add"})
    @DisplayName("is not waited for at all by those who only look")
    void isNotWaitedForByThoseWhoLook(String step) throws Exception {
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        slow = step;
        Asker first = asker(() -> uploads.append(id, 0, WHOLE));
        awaitLatch(reached);

        Asker look = asker(() -> uploads.engine.look(id, OWNER));
        assertThat(look.outcome()).isInstanceOf(UploadOutcome.Found.class);
        Asker end = asker(() -> uploads.engine.completeIfFree(id, OWNER, PROTOCOL));
        assertThat(problem(end.outcome())).isEqualTo(UploadProblem.BUSY);
        released.countDown();
        Completed done = (Completed) first.outcome();
        assertThat(uploads.engine.completeIfFree(id, OWNER, PROTOCOL)).isEqualTo(done);
    }

    @Test
    @DisplayName("of the last append, which begins when a removal is waiting already, gives up too")
    void thatBeginsLateGivesUp() throws Exception {
        uploads.close();
        AtomicInteger asked = new AtomicInteger();
        UploadStore store = TroubledStore.of(
                UploadStore.inDirectory(directory, FsyncPolicy.NONE), (method, arguments) -> trouble(method));
        UploadLocks counting =
                (scope, urgency, patience, holder) -> store.locks().acquire(scope, urgency, patience, of -> {
                    holder.askedToLetGo(of);
                    asked.incrementAndGet();
                });
        UploadStore counted =
                new UploadStore(store.bodies(), store.states(), counting, store.catalogue(), store.resources());
        uploads = EngineFixture.waiting(PATIENT, counted, UploadConfig.defaults(directory), new UploadListener() {
            @Override
            public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
                // Twice: one may have begun before the completion.
                int before = asked.get();
                await().until(() -> asked.get() >= before + 2);
                return Optional.empty();
            }
        });
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        slow = "replace";
        Asker append = asker(() -> uploads.append(id, 0, WHOLE));
        awaitLatch(reached);
        Asker removal = asker(() -> cancel(id));
        await().until(() -> asked.get() > 0);
        released.countDown();

        assertThat(problem(append.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(removal.outcome()).isInstanceOf(Removed.class);
        assertThat(uploads.engine.files(OWNER)).isEmpty();
    }

    @Test
    @DisplayName("and fails does so for all who have waited, and can be tried again")
    void failsForAll() throws Exception {
        UploadId id = allParts();
        failing = "add";
        Asker first = completing(id, "finish");
        Asker other = asker(() -> complete(id));
        other.untilItWaits();
        released.countDown();

        for (Asker asker : List.of(first, other)) {
            assertThatThrownBy(asker::outcome).cause().isInstanceOf(IOException.class);
        }
        failing = "";
        assertThat(complete(id)).isInstanceOf(Completed.class);
    }
}
