// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.RecordedEvents;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the engine refuses, and whom it tells. */
class EngineLimitsTest extends EngineTestBase {

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
        // Long enough that nothing expires between two of these lines, on a busy machine either.
        reopen(UploadConfig.builder(directory).expiry(Duration.ofSeconds(2)).build(), new UploadListener() {});
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
