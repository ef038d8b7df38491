// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a part that came again, and whose state cannot be changed")
class FailingPartTest {

    @TempDir
    private Path directory;

    private UploadStore store;
    private EngineFixture uploads;
    private UploadId id;
    private boolean isFailing;
    private boolean comesToPass;

    @BeforeEach
    void open() throws IOException {
        store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        uploads = new EngineFixture(
                TroubledStore.of(store, this::trouble), UploadConfig.defaults(directory), new UploadListener() {});
        id = uploads.createParts(10, 5);
        assertThat(uploads.put(id, 1, bytes(1, 5))).isInstanceOf(PartStored.class);
        isFailing = true;
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    private void trouble(String method, Object[] arguments) throws IOException {
        if (isFailing && method.equals("replace")) {
            if (comesToPass) {
                store.states().replace((UploadState) arguments[0], (Part) arguments[1]);
            }
            throw new IOException("on purpose");
        }
    }

    private long filesOfTheirOwn() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }

    @Test
    @DisplayName("leaves nothing")
    void leavesNothing() throws IOException {
        assertThat(problem(uploads.put(id, 1, bytes(2, 5)))).isEqualTo(UploadProblem.STORE_FAILED);

        assertThat(filesOfTheirOwn()).isZero();
        isFailing = false;
        assertThat(uploads.put(id, 2, bytes(3, 5))).isInstanceOf(PartStored.class);
        assertThat(uploads.bytes(uploads.look(id))).startsWith(bytes(1, 5)).endsWith(bytes(3, 5));
    }

    @Test
    @DisplayName("keeps its bytes if the state has changed even so")
    void keepsItsBytes() throws IOException {
        comesToPass = true;
        assertThat(problem(uploads.put(id, 1, bytes(2, 5)))).isEqualTo(UploadProblem.STORE_FAILED);

        assertThat(filesOfTheirOwn()).isEqualTo(1);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(bytes(2, 5));
    }
}
