// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.EngineFixture.CatalogueKind;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a crash leaves at its worst moments, made without one. */
@DisplayName("a file whose removal met a crash")
class InterruptedRemovalTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    @DisplayName("leaves no bytes behind for longer than until the sweeper comes")
    void bytesAreSwept(CatalogueKind kind) throws IOException {
        StoredFile file;
        try (EngineFixture uploads = EngineFixture.in(directory, kind)) {
            UploadId id = uploads.create(OptionalLong.of(3));
            file = ((Completed) uploads.append(id, 0, new byte[3])).file();
            uploads.store.catalogue().remove(file);
        }
        try (EngineFixture uploads = EngineFixture.in(directory, kind)) {
            try (InputStream left = uploads.store.bodies().open(file.blob(), 0, 3)) {
                assertThat(left.readAllBytes()).hasSize(3);
            }

            uploads.engine.sweep();

            assertThatThrownBy(() -> uploads.store.bodies().open(file.blob(), 0, 3))
                    .isInstanceOf(NoSuchFileException.class);
            assertThat(uploads.store.catalogue().unreferenced()).isEmpty();
        }
    }

    @Test
    @DisplayName("keeps its bytes while its upload is worked on, which may be about to add them again")
    void beside() throws Exception {
        try (EngineFixture uploads = EngineFixture.in(directory)) {
            UploadId id = uploads.create(OptionalLong.of(3));
            StoredFile file = ((Completed) uploads.append(id, 0, new byte[3])).file();
            try (Lease held = uploads.store
                    .locks()
                    .acquire(Scope.whole(id), Urgency.IF_FREE, Duration.ZERO, UploadEngine.UNMOVED)
                    .orElseThrow()) {
                assertThat(held).isNotNull();
                assertThat(uploads.engine.removeFile(file.id(), OWNER)).isInstanceOf(Removed.class);
                assertThat(uploads.engine.files(OWNER)).isEmpty();
                assertThat(uploads.store.catalogue().unreferenced()).containsExactly(id);
                uploads.store.bodies().open(id, 0, 3).close();
            }

            uploads.engine.sweep();

            assertThat(uploads.store.catalogue().unreferenced()).isEmpty();
            assertThatThrownBy(() -> uploads.store.bodies().open(id, 0, 3)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    @DisplayName("does not hold its upload up, if that could not even be noted as complete")
    void deletedBeforeComplete() throws IOException {
        try (EngineFixture uploads = EngineFixture.in(directory)) {
            UploadId id = uploads.createParts(3, 3);
            uploads.put(id, 1, new byte[3]);
            UploadState completing = uploads.look(id).completing(FileId.random(), "00".repeat(32));
            assertThat(uploads.store.states().replace(completing)).isEqualTo(Change.DONE);
            uploads.store.bodies().finish(completing);
            uploads.store.bodies().deleteBlob(id);

            uploads.engine.sweep();

            assertThat(uploads.store.states().interrupted()).isEmpty();
            assertThat(problem(uploads.engine.complete(id, OWNER, PROTOCOL))).isEqualTo(UploadProblem.FILE_DELETED);
        }
    }
}
