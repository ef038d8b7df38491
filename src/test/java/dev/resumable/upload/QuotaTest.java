// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.open;
import static dev.resumable.upload.EngineFixture.plan;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Resumed;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an owner may store, and requests that race for the rest of it. */
class QuotaTest {

    private static final int QUOTA = 1000;
    private static final int BODY = 900;
    private static final int RACERS = 8;

    @TempDir
    private Path directory;

    private EngineFixture uploads;

    @BeforeEach
    void start() throws IOException {
        start(new UploadListener() {});
    }

    private void start(UploadListener listener) throws IOException {
        uploads = new EngineFixture(
                directory, UploadConfig.builder(directory).maxOwnerBytes(QUOTA).build(), listener);
    }

    @AfterEach
    void stop() throws IOException {
        uploads.close();
    }

    private UploadId unknownLength() throws IOException {
        return EngineFixture.created(
                uploads.engine.create(plan(OWNER, Completion.ASKED, Optional.empty()), OptionalLong.empty()));
    }

    private Reception append(UploadId id, OptionalLong uploadLength, OptionalLong contentLength, BodyDigests digests)
            throws IOException {
        return uploads.engine.append(
                id, OWNER, PROTOCOL, new AppendRequest(0, uploadLength, contentLength, digests, Finality.OPEN));
    }

    private Reception announced(UploadId id) throws IOException {
        return append(id, OptionalLong.empty(), OptionalLong.of(BODY), BodyDigests.none());
    }

    @Test
    void bodiesThatGrowSideBySideStayBelow() throws IOException {
        List<UploadId> ids = new ArrayList<>();
        List<BodySink> bodies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(unknownLength());
            bodies.add(uploads.append(ids.get(i), 0));
        }
        for (int at = 0; at < BODY; at += BODY / 3) {
            for (BodySink body : bodies) {
                body.write(bytes(at, BODY / 3), 0, BODY / 3);
            }
        }
        bodies.forEach(body -> body.end(Ending.WHOLE));

        long stored = 0;
        for (UploadId id : ids) {
            stored += uploads.look(id).offset();
        }
        assertThat(stored).isEqualTo(QUOTA);
    }

    @Test
    void whatIsAnnouncedIsReservedUntilItsRequestEnds() throws IOException {
        UploadId one = unknownLength();
        UploadId two = unknownLength();
        BodySink running = open(announced(one));

        assertThat(problem(((Reception.Refused) announced(two)).outcome())).isEqualTo(UploadProblem.QUOTA_EXCEEDED);
        assertThat(problem(uploads.engine.create(
                        plan(OWNER, Completion.ASKED, Optional.empty()), OptionalLong.of(QUOTA - BODY + 1))))
                .isEqualTo(UploadProblem.QUOTA_EXCEEDED);

        running.write(bytes(1, 100), 0, 100);
        running.end(Ending.CUT_OFF);
        assertThat(open(announced(two)).end(Ending.CUT_OFF)).isNotNull();
    }

    @Test
    void aRefusedBodyDoesNotSettleTheLength() throws IOException {
        UploadId id = unknownLength();
        BodyDigests wrong = BodyDigests.of(Map.of(DigestAlgorithm.SHA_256, new byte[32]));

        UploadOutcome refused =
                EngineFixture.whole(append(id, OptionalLong.of(10), OptionalLong.of(5), wrong), bytes(1, 5));

        assertThat(problem(refused)).isEqualTo(UploadProblem.DIGEST_MISMATCH);
        assertThat(uploads.look(id).length()).isEmpty();
        EngineFixture.whole(append(id, OptionalLong.of(20), OptionalLong.of(5), BodyDigests.none()), bytes(1, 5));
        assertThat(uploads.look(id).length()).hasValue(20);
        assertThat(uploads.look(id).offset()).isEqualTo(5);
    }

    @Test
    void equalCreationsAtOnceAreOneUpload() throws Exception {
        uploads.close();
        CyclicBarrier allHaveLooked = new CyclicBarrier(RACERS);
        start(new UploadListener() {
            @Override
            public Optional<Refusal> beforeCreation(UploadPlan plan, OptionalLong length) {
                try {
                    allHaveLooked.await();
                    return Optional.empty();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        UploadPlan plan = new UploadPlan(
                OWNER,
                PROTOCOL,
                "f",
                Optional.empty(),
                Optional.of("0".repeat(64)),
                Optional.empty(),
                Completion.ASKED,
                Map.of(),
                Instant.now());
        Callable<UploadOutcome> creation = () -> uploads.engine.create(plan, OptionalLong.of(100));
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<UploadId> created = new ArrayList<>();
            List<UploadId> resumed = new ArrayList<>();
            for (Future<UploadOutcome> outcome : threads.invokeAll(
                    Stream.generate(() -> creation).limit(RACERS).toList())) {
                if (outcome.get() instanceof Created one) {
                    created.add(one.state().id());
                } else {
                    resumed.add(((Resumed) outcome.get()).state().id());
                }
            }
            assertThat(created).hasSize(1);
            assertThat(resumed).hasSize(RACERS - 1).containsOnly(created.get(0));
            assertThat(uploads.store.states().unfinished(OWNER)).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
