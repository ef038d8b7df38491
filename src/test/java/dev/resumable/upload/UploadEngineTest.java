// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine does for any protocol. */
class UploadEngineTest extends EngineTestBase {

    @Test
    void aStalledAppendIsTakenOverAndWritesNothingMore() throws IOException {
        Duration fastest = UploadEngine.PATIENCE;
        for (int i = 0; i < 3; i++) {
            Duration time = takeOverAStalledAppend();
            fastest = time.compareTo(fastest) < 0 ? time : fastest;
        }
        assertThat(fastest).isLessThan(Duration.ofSeconds(2));
    }

    /** Gives how long it took. */
    private Duration takeOverAStalledAppend() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink stalled = uploads.append(id, 0);
        stalled.write(bytes(9, 100), 0, 40);
        assertThat(uploads.look(id).offset()).isEqualTo(40);

        long begun = System.nanoTime();
        UploadOutcome next = uploads.append(id, 40, Arrays.copyOfRange(bytes(9, 100), 40, 60));
        Duration time = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(((Advanced) next).state().offset()).isEqualTo(60);
        assertThat(stalled.write(new byte[30], 0, 30)).isFalse();
        assertThat(problem(stalled.end(Ending.WHOLE))).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(Arrays.copyOf(bytes(9, 100), 60));
        return time;
    }

    @Test
    void ofRacingAppendsOneWins() throws Exception {
        assertWithoutStall(this::allButOneComeTooLate);
    }

    /** On a busy machine one may stall, and be taken over by the next; else none is. */
    private static void assertWithoutStall(Callable<Boolean> race) throws Exception {
        int races = 1;
        while (!race.call()) {
            assertThat(++races).as("races in which one was taken over").isLessThanOrEqualTo(5);
        }
    }

    /** Unless one was taken over, whose bytes may have stopped all others. */
    private boolean allButOneComeTooLate() throws Exception {
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
        boolean isTakenOver = false;
        for (int i = 0; i < 8; i++) {
            UploadOutcome outcome = racing.get(i).get();
            if (outcome instanceof Advanced) {
                assertThat(winner).isEqualTo(-1);
                winner = i;
            } else {
                assertThat(problem(outcome)).isIn(UploadProblem.OFFSET_MISMATCH, UploadProblem.TAKEN_OVER);
                isTakenOver |= problem(outcome) == UploadProblem.TAKEN_OVER;
            }
        }
        if (!isTakenOver) {
            assertThat(uploads.bytes(uploads.look(id))).isEqualTo(bytes(winner, 100_000));
        }
        return !isTakenOver;
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
        assertWithoutStall(this::allPutTheSamePart);
    }

    /** Whether they all could. */
    private boolean allPutTheSamePart() throws Exception {
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
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UploadOutcome outcome = racing.get(i).get();
            if (outcome instanceof UploadOutcome.PartStored) {
                stored.add(hex(bytes(i, 1_000_000)));
            } else {
                assertThat(problem(outcome)).isEqualTo(UploadProblem.TAKEN_OVER);
            }
        }
        String stated = uploads.look(id).parts().get(1).sha256();
        assertThat(stored).contains(stated);
        StoredFile file = ((Completed) uploads.engine.complete(id, OWNER, PROTOCOL)).file();
        try (var in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
            assertThat(hex(in.readAllBytes())).isEqualTo(stated).isEqualTo(file.sha256());
        }
        return stored.size() == 8;
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
}
