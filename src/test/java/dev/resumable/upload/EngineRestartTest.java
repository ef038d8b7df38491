// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the engine keeps over a restart, and for whom. */
class EngineRestartTest extends EngineTestBase {

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
}
