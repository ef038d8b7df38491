// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.RecordedEvents;
import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine does for any protocol. */
class UploadEngineTest {

    @TempDir
    private Path directory;

    private EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        uploads = EngineFixture.in(directory);
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    private void reopen(UploadConfig config, UploadListener listener) throws IOException {
        uploads.close();
        uploads = new EngineFixture(directory, config, listener);
    }

    // ---- appends

    @Test
    void appendsMoveTheOffsetAndTheLastByteCompletes() throws IOException {
        byte[] whole = bytes(1, 300_000);
        UploadId id = uploads.create(OptionalLong.of(whole.length));

        UploadOutcome first = uploads.append(id, 0, Arrays.copyOf(whole, 100_000));
        assertThat(((Advanced) first).state().offset()).isEqualTo(100_000);
        UploadOutcome last = uploads.append(id, 100_000, Arrays.copyOfRange(whole, 100_000, 300_000));

        StoredFile file = ((Completed) last).file();
        assertThat(file.sha256()).isEqualTo(hex(whole));
        assertThat(file.size()).isEqualTo(300_000);
        try (var in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
            assertThat(in.readAllBytes()).isEqualTo(whole);
        }
    }

    @Test
    void anAppendAtAnotherOffsetIsRefused() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        uploads.append(id, 0, bytes(1, 10));

        for (long offset : new long[] {0, 9, 11}) {
            UploadOutcome.Failed failed = (UploadOutcome.Failed) uploads.append(id, offset, bytes(1, 1));
            assertThat(failed.problem()).isEqualTo(UploadProblem.OFFSET_MISMATCH);
            assertThat(failed.members()).containsEntry("expected-offset", 10L);
        }
        assertThat(uploads.look(id).offset()).isEqualTo(10);
    }

    @Test
    void whatCameBeforeACutIsKept() throws IOException {
        byte[] whole = bytes(2, 100_000);
        UploadId id = uploads.create(OptionalLong.of(whole.length));

        BodySink sink = uploads.append(id, 0);
        sink.write(whole, 0, 60_000);
        sink.end(Ending.CUT_OFF);

        assertThat(uploads.look(id).offset()).isEqualTo(60_000);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(Arrays.copyOf(whole, 60_000));
        UploadOutcome last = uploads.append(id, 60_000, Arrays.copyOfRange(whole, 60_000, 100_000));
        assertThat(((Completed) last).file().sha256()).isEqualTo(hex(whole));
    }

    @Test
    void whatMustBeCheckedIsKeptWholeOrNotAtAll() throws IOException {
        byte[] body = bytes(3, 50_000);
        UploadId id = uploads.create(OptionalLong.empty());
        BodyDigests right = BodyDigests.of(Map.of(DigestAlgorithm.SHA_256, sha256(body)));

        BodySink cut = EngineFixture.open(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, right)));
        cut.write(body, 0, 40_000);
        cut.checkpoint();
        cut.end(Ending.CUT_OFF);
        assertThat(uploads.look(id).offset()).isZero();

        BodyDigests wrong = BodyDigests.of(Map.of(DigestAlgorithm.MD5, new byte[16]));
        UploadOutcome mismatch =
                EngineFixture.whole(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, wrong)), body);
        assertThat(problem(mismatch)).isEqualTo(UploadProblem.DIGEST_MISMATCH);
        assertThat(uploads.look(id).offset()).isZero();

        BodyDigests again = BodyDigests.of(Map.of(DigestAlgorithm.SHA_256, sha256(body)));
        EngineFixture.whole(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, again)), body);
        assertThat(uploads.look(id).offset()).isEqualTo(50_000);
    }

    @Test
    void aBodyBeyondTheLengthIsCutThere() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));

        UploadOutcome outcome = uploads.append(id, 0, bytes(4, 150));

        assertThat(problem(outcome)).isEqualTo(UploadProblem.TOO_LARGE);
        assertThat(uploads.look(id).offset()).isEqualTo(100);
        assertThat(uploads.look(id).sha256()).contains(hex(Arrays.copyOf(bytes(4, 150), 100)));
    }

    @Test
    void whereTheLengthDecidesABodyWithoutItsEndCompletes() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(4, 100), 0, 100);

        assertThat(sink.end(Ending.CUT_OFF)).isInstanceOf(UploadOutcome.Completed.class);

        assertThat(uploads.look(id).status()).isEqualTo(UploadStatus.COMPLETE);
    }

    @Test
    void theLengthMayComeLaterButOnlyOnce() throws IOException {
        UploadId id = uploads.create(OptionalLong.empty());
        uploads.append(id, 0, bytes(5, 10));

        assertThat(problem(announce(id, 10, 5))).isEqualTo(UploadProblem.INCONSISTENT_LENGTH);
        assertThat(announce(id, 10, 20)).isInstanceOf(Advanced.class);
        assertThat(uploads.look(id).length()).hasValue(20);
        assertThat(problem(announce(id, 10, 21))).isEqualTo(UploadProblem.INCONSISTENT_LENGTH);
    }

    private UploadOutcome announce(UploadId id, long offset, long length) throws IOException {
        return EngineFixture.whole(
                uploads.engine.append(
                        id,
                        OWNER,
                        PROTOCOL,
                        new AppendRequest(
                                offset,
                                OptionalLong.of(length),
                                OptionalLong.empty(),
                                BodyDigests.none(),
                                Finality.OPEN)),
                new byte[0]);
    }

    @Test
    void theLastAppendCompletesAnUploadOfUnknownLength() throws IOException {
        UploadId id = EngineFixture.created(uploads.engine.create(
                EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty()), OptionalLong.empty()));
        uploads.append(id, 0, bytes(6, 10));

        UploadOutcome outcome = EngineFixture.whole(
                uploads.engine.append(
                        id,
                        OWNER,
                        PROTOCOL,
                        new AppendRequest(
                                10, OptionalLong.empty(), OptionalLong.empty(), BodyDigests.none(), Finality.LAST)),
                bytes(7, 5));

        assertThat(((Completed) outcome).file().size()).isEqualTo(15);
        assertThat(uploads.look(id).length()).hasValue(15);
        assertThat(problem(uploads.append(id, 15, bytes(7, 5)))).isEqualTo(UploadProblem.ALREADY_COMPLETE);
    }

    @Test
    void lookingMakesDurableWhatCameSoFar() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(8, 100), 0, 40);

        assertThat(uploads.look(id).offset()).isEqualTo(40);

        sink.write(bytes(8, 100), 40, 60);
        assertThat(((Completed) sink.end(Ending.WHOLE)).file().sha256()).isEqualTo(hex(bytes(8, 100)));
    }

    // ---- who may write

    @Test
    void aStalledAppendIsTakenOverAndWritesNothingMore() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink stalled = uploads.append(id, 0);
        stalled.write(bytes(9, 100), 0, 40);
        assertThat(uploads.look(id).offset()).isEqualTo(40);

        long begun = System.nanoTime();
        UploadOutcome next = uploads.append(id, 40, Arrays.copyOfRange(bytes(9, 100), 40, 60));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));

        assertThat(((Advanced) next).state().offset()).isEqualTo(60);
        assertThat(stalled.write(new byte[30], 0, 30)).isFalse();
        assertThat(problem(stalled.end(Ending.WHOLE))).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(Arrays.copyOf(bytes(9, 100), 60));
    }

    @Test
    void ofRacingAppendsOneWins() throws Exception {
        UploadId id = uploads.create(OptionalLong.of(1_000_000));
        List<CompletableFuture<UploadOutcome>> racing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] body = bytes(i, 100_000);
            racing.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return uploads.append(id, 0, body);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        int winner = -1;
        for (int i = 0; i < 8; i++) {
            UploadOutcome outcome = racing.get(i).get();
            if (outcome instanceof Advanced) {
                assertThat(winner).isEqualTo(-1);
                winner = i;
            } else {
                assertThat(problem(outcome)).isEqualTo(UploadProblem.OFFSET_MISMATCH);
            }
        }
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(bytes(winner, 100_000));
    }

    @Test
    void ofRacingCompletionsAllGiveTheSameFile() throws Exception {
        UploadId id = uploads.createParts(200, 100);
        uploads.put(id, 1, bytes(1, 100));
        uploads.put(id, 2, bytes(2, 100));
        List<CompletableFuture<UploadOutcome>> racing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            racing.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return uploads.engine.complete(id, OWNER, PROTOCOL);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        List<StoredFile> files = new ArrayList<>();
        for (CompletableFuture<UploadOutcome> outcome : racing) {
            files.add(((Completed) outcome.get()).file());
        }
        assertThat(files.stream().distinct()).hasSize(1);
        assertThat(uploads.engine.files(OWNER)).isEqualTo(List.of(files.get(0)));
    }

    @Test
    void ofRacingPartsOneIsThereWhole() throws Exception {
        UploadId id = uploads.createParts(1_000_000, 1_000_000);
        List<CompletableFuture<UploadOutcome>> racing = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] body = bytes(i, 1_000_000);
            racing.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return uploads.put(id, 1, body);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (CompletableFuture<UploadOutcome> outcome : racing) {
            assertThat(outcome.get()).isInstanceOf(UploadOutcome.PartStored.class);
        }
        String stated = uploads.look(id).parts().get(1).sha256();
        StoredFile file = ((Completed) uploads.engine.complete(id, OWNER, PROTOCOL)).file();
        try (var in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
            assertThat(hex(in.readAllBytes())).isEqualTo(stated).isEqualTo(file.sha256());
        }
    }

    @Test
    void cancellingEndsTheRequestThatWrites() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(1, 100), 0, 50);

        assertThat(uploads.engine.cancel(id, OWNER, PROTOCOL)).isInstanceOf(Removed.class);

        assertThat(sink.write(bytes(1, 100), 50, 50)).isFalse();
        assertThat(problem(uploads.engine.look(id, OWNER))).isEqualTo(UploadProblem.NOT_FOUND);
        try (var left = Files.walk(directory.resolve("uploads"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void cancellingAnAppendWhoseBytesAreAllThereMakesNoFile() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(1, 100), 0, 100);

        assertThat(uploads.engine.cancel(id, OWNER, PROTOCOL)).isInstanceOf(Removed.class);

        assertThat(problem(sink.end(Ending.WHOLE))).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(uploads.engine.files(OWNER)).isEmpty();
        assertThat(problem(uploads.engine.look(id, OWNER))).isEqualTo(UploadProblem.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(names = {"TAKEN_OVER", "TOO_SLOW"})
    void whoEndsAnAppendFromOutsideDoesNotCompleteIt(Ending how) throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(1, 100), 0, 100);

        assertThat(sink.end(how)).isInstanceOf(UploadOutcome.Failed.class);

        assertThat(uploads.look(id).awaitsFile()).isTrue();
        assertThat(uploads.engine.files(OWNER)).isEmpty();
        Completed next = (Completed) uploads.append(id, 100, new byte[0]);
        assertThat(next.file().sha256()).isEqualTo(hex(bytes(1, 100)));
    }

    @Test
    void anotherProtocolMayLookButNotChange() throws IOException {
        UploadId id = uploads.createParts(100, 100);

        assertThat(uploads.engine.look(id, OWNER)).isInstanceOf(UploadOutcome.Found.class);
        assertThat(problem(uploads.engine.cancel(id, OWNER, "other"))).isEqualTo(UploadProblem.WRONG_PROTOCOL);
        assertThat(problem(uploads.engine.complete(id, OWNER, "other"))).isEqualTo(UploadProblem.WRONG_PROTOCOL);
    }

    @Test
    void piecesAreJoined() throws IOException {
        UploadPlan piece = EngineFixture.plan(OWNER, Completion.PIECE, Optional.empty());
        UploadId one = EngineFixture.created(uploads.engine.create(piece, OptionalLong.of(100)));
        UploadId two = EngineFixture.created(uploads.engine.create(piece, OptionalLong.of(50)));
        UploadPlan whole = EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty());
        assertThat(uploads.append(one, 0, Arrays.copyOf(bytes(1, 150), 100))).isInstanceOf(Advanced.class);
        assertThat(problem(uploads.engine.join(whole, List.of(one, two)))).isEqualTo(UploadProblem.MALFORMED_REQUEST);
        uploads.append(two, 0, Arrays.copyOfRange(bytes(1, 150), 100, 150));
        assertThat(uploads.engine.files(OWNER)).isEmpty();

        UploadPlan strangers = EngineFixture.plan("bob", Completion.ASKED, Optional.empty());
        assertThat(uploads.engine.join(strangers, List.of(one, two))).isInstanceOf(UploadOutcome.Failed.class);

        StoredFile file = ((Completed) uploads.engine.join(whole, List.of(one, two))).file();

        assertThat(file.sha256()).isEqualTo(hex(bytes(1, 150)));
        assertThat(problem(uploads.engine.look(one, OWNER))).isEqualTo(UploadProblem.NOT_FOUND);
    }

    @Test
    void piecesAndTheWholeThatTheyBecomeCountOnce() throws IOException {
        UploadListener.Refusal refusal = new UploadListener.Refusal(503, "later");
        boolean[] refuses = {true};
        reopen(
                UploadConfig.builder(directory)
                        .maxOwnerBytes(150)
                        .maxOpenUploads(2)
                        .build(),
                new UploadListener() {
                    @Override
                    public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
                        return refuses[0] ? Optional.of(refusal) : Optional.empty();
                    }
                });
        UploadPlan piece = EngineFixture.plan(OWNER, Completion.PIECE, Optional.empty());
        UploadId one = EngineFixture.created(uploads.engine.create(piece, OptionalLong.of(100)));
        UploadId two = EngineFixture.created(uploads.engine.create(piece, OptionalLong.of(50)));
        uploads.append(one, 0, Arrays.copyOf(bytes(1, 150), 100));
        uploads.append(two, 0, Arrays.copyOfRange(bytes(1, 150), 100, 150));
        UploadPlan whole = EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty());
        assertThat(problem(uploads.engine.join(whole, List.of(one, one, two)))).isEqualTo(UploadProblem.QUOTA_EXCEEDED);

        assertThat(problem(uploads.engine.join(whole, List.of(one, two)))).isEqualTo(UploadProblem.REFUSED);
        assertThat(problem(uploads.engine.create(piece, OptionalLong.of(1)))).isEqualTo(UploadProblem.QUOTA_EXCEEDED);
        refuses[0] = false;
        StoredFile file = ((Completed) uploads.engine.join(whole, List.of(one, two))).file();

        assertThat(file.sha256()).isEqualTo(hex(bytes(1, 150)));
        assertThat(problem(uploads.engine.create(piece, OptionalLong.of(1)))).isEqualTo(UploadProblem.QUOTA_EXCEEDED);
        uploads.engine.removeFile(file.id(), OWNER);
        assertThat(uploads.engine.create(piece, OptionalLong.of(150))).isInstanceOf(Created.class);
    }

    // ---- limits

    @Test
    void openUploadsAndBytesOfAnOwnerAreLimited() throws IOException {
        reopen(
                UploadConfig.builder(directory)
                        .maxOpenUploads(2)
                        .maxOwnerBytes(1000)
                        .build(),
                new UploadListener() {});
        uploads.create(OptionalLong.of(600));

        UploadPlan plan = EngineFixture.plan(OWNER, Completion.BY_LENGTH, Optional.empty());
        assertThat(problem(uploads.engine.create(plan, OptionalLong.of(401)))).isEqualTo(UploadProblem.QUOTA_EXCEEDED);
        UploadId deferred = EngineFixture.created(uploads.engine.create(plan, OptionalLong.empty()));
        assertThat(problem(uploads.engine.create(plan, OptionalLong.of(1)))).isEqualTo(UploadProblem.TOO_MANY_UPLOADS);
        assertThat(problem(uploads.append(deferred, 0, bytes(1, 401)))).isEqualTo(UploadProblem.TOO_LARGE);
        assertThat(uploads.look(deferred).offset()).isEqualTo(400);
        assertThat(uploads.engine.create(
                        EngineFixture.plan("bob", Completion.BY_LENGTH, Optional.empty()), OptionalLong.of(1000)))
                .isInstanceOf(Created.class);
        // What is refused leaves nothing behind.
        try (var left = Files.walk(directory.resolve("uploads"))) {
            assertThat(left.filter(path -> path.endsWith("body"))).hasSize(3);
        }
    }

    @Test
    void whatExpiredIsGoneUnlessARequestRuns() throws IOException {
        reopen(UploadConfig.builder(directory).expiry(Duration.ofMillis(50)).build(), new UploadListener() {});
        UploadId idle = uploads.create(OptionalLong.of(100));
        UploadId running = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(running, 0);

        await().until(() -> uploads.engine.look(idle, OWNER) instanceof UploadOutcome.Failed);
        uploads.engine.sweep();

        assertThat(uploads.store.states().find(idle)).isEmpty();
        assertThat(uploads.store.states().find(running)).isPresent();
        sink.write(bytes(1, 100), 0, 100);
        assertThat(sink.end(Ending.WHOLE)).isInstanceOf(Completed.class);
    }

    @Test
    void hooksMayRefuse() throws IOException {
        reopen(UploadConfig.defaults(directory), new UploadListener() {
            @Override
            public Optional<Refusal> beforeCreation(UploadPlan plan, OptionalLong length) {
                return length.orElse(0) == 13 ? Optional.of(new Refusal(451, "no")) : Optional.empty();
            }

            @Override
            public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
                if (!sha256.equals(hex(bytes(1, 10)))) {
                    throw new IllegalStateException("a broken hook");
                }
                return Optional.empty();
            }
        });
        UploadPlan plan = EngineFixture.plan(OWNER, Completion.BY_LENGTH, Optional.empty());

        assertThat(((UploadOutcome.Failed) uploads.engine.create(plan, OptionalLong.of(13))).status())
                .isEqualTo(451);
        UploadId id = uploads.create(OptionalLong.of(10));
        assertThat(((UploadOutcome.Failed) uploads.append(id, 0, bytes(2, 10))).status())
                .isEqualTo(500);
        assertThat(uploads.engine.files(OWNER)).isEmpty();
        assertThat(uploads.append(uploads.create(OptionalLong.of(10)), 0, bytes(1, 10)))
                .isInstanceOf(Completed.class);
    }

    // ---- restarts

    @Test
    void whatStopsInMidBodyKeepsItsBytes() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        uploads.engine.running().watch(sink);
        sink.write(bytes(1, 100), 0, 70);

        reopen(UploadConfig.defaults(directory), new UploadListener() {});

        assertThat(problem(sink.outcome())).isEqualTo(UploadProblem.SHUTTING_DOWN);
        assertThat(uploads.look(id).offset()).isEqualTo(70);
        UploadOutcome last = uploads.append(id, 70, Arrays.copyOfRange(bytes(1, 100), 70, 100));
        assertThat(((Completed) last).file().sha256()).isEqualTo(hex(bytes(1, 100)));
    }

    @Test
    void aWholeUploadThatWasNotCompletedIsCompletedAfterARestart() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(1, 100), 0, 100);
        // Durable, but the request never came to its end.
        assertThat(uploads.look(id).offset()).isEqualTo(100);
        sink.end(Ending.CUT_OFF);

        reopen(UploadConfig.defaults(directory), new UploadListener() {});
        uploads.engine.sweep();

        assertThat(uploads.engine.files(OWNER)).hasSize(1);
        assertThat(uploads.engine.files(OWNER).get(0).sha256()).isEqualTo(hex(bytes(1, 100)));
    }

    @Test
    void aCrashInsideOfACompletionIsHealedAtEveryStep() throws IOException {
        for (int step = 0; step < 4; step++) {
            byte[] whole = bytes(100 + step, 200);
            UploadId id = uploads.createParts(200, 100);
            uploads.put(id, 2, Arrays.copyOfRange(whole, 100, 200));
            uploads.put(id, 1, bytes(1, 100));
            uploads.put(id, 1, Arrays.copyOf(whole, 100));
            UploadState state = uploads.look(id).completing(dev.resumable.upload.store.FileId.random(), hex(whole));
            uploads.store.states().replace(state);
            StoredFile file = new StoredFile(
                    state.file().orElseThrow(),
                    OWNER,
                    "f",
                    Optional.empty(),
                    200,
                    hex(whole),
                    id,
                    java.time.Instant.now());
            if (step >= 1) {
                uploads.store.bodies().finish(state);
            }
            if (step >= 2) {
                uploads.store.catalogue().add(file);
            }
            if (step >= 3) {
                uploads.store
                        .states()
                        .replace(state.completed(java.time.Instant.now().plusSeconds(60)));
            }

            reopen(UploadConfig.defaults(directory), new UploadListener() {});
            uploads.engine.sweep();

            Completed completed = (Completed) uploads.engine.complete(id, OWNER, PROTOCOL);
            assertThat(completed.file().id()).isEqualTo(file.id());
            try (var in = uploads.store.bodies().open(completed.file().blob(), 0, 200)) {
                assertThat(in.readAllBytes()).isEqualTo(whole);
            }
        }
    }

    @Test
    void equalBytesShareABlobUntilTheLastOneGoes() throws IOException {
        byte[] whole = bytes(1, 100);
        StoredFile one = ((Completed) uploads.append(uploads.create(OptionalLong.of(100)), 0, whole)).file();
        StoredFile two = ((Completed) uploads.append(uploads.create(OptionalLong.of(100)), 0, whole)).file();

        assertThat(two.blob()).isEqualTo(one.blob());
        assertThat(blobs()).isEqualTo(1);
        uploads.engine.removeFile(one.id(), OWNER);
        assertThat(blobs()).isEqualTo(1);
        uploads.engine.removeFile(two.id(), OWNER);
        assertThat(blobs()).isZero();
    }

    private long blobs() throws IOException {
        try (var files = Files.walk(directory.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void listenersOfTransfersAreToldEachStep() throws IOException {
        RecordedEvents events = new RecordedEvents();
        reopen(UploadConfig.builder(directory).events(Optional.of(events)).build(), new UploadListener() {
            @Override
            public void created(UploadState state) {
                throw new IllegalStateException("on purpose");
            }
        });
        UploadId id = uploads.create(OptionalLong.of(100));
        uploads.append(id, 0, bytes(1, 40));
        assertThat(events.take()).containsExactly("upload CREATED 0", "upload RECEIVED 40");

        BodySink stalled = uploads.append(id, 40);
        stalled.write(bytes(2, 10), 0, 10);
        stalled.askedToLetGo(Urgency.NOW);
        assertThat(events.take()).containsExactly("upload RECEIVED 10", "upload TAKEN_OVER 0");

        BodyDigests wrong = BodyDigests.of(Map.of(DigestAlgorithm.MD5, new byte[16]));
        EngineFixture.whole(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(50, wrong)), bytes(3, 50));
        assertThat(events.take()).containsExactly("upload RECEIVED 50", "upload DIGEST_REFUSED 0");

        uploads.append(id, 50, bytes(4, 50));
        assertThat(events.take()).containsExactlyInAnyOrder("upload COMPLETED 100", "upload RECEIVED 50");
        uploads.engine.cancel(uploads.create(OptionalLong.empty()), OWNER, PROTOCOL);
        assertThat(events.take()).containsExactly("upload CREATED 0", "upload CANCELLED 0");
    }
}
