// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStates.Admission;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("after a start, the record of an upload without a body")
class FinishedRecordsTest {

    private static final Instant EXPIRY = Instant.parse("2026-02-03T04:05:06Z");
    private static final OwnerLimits ONE = new OwnerLimits(1, 1_000);

    @TempDir
    private Path directory;

    private FileLayout layout;
    private UploadStore store;
    private UploadState completing;

    @BeforeEach
    void makeOne() throws IOException {
        layout = new FileLayout(directory);
        store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        UploadState created = create();
        assertThat(store.states().create(created, ONE)).isEqualTo(Admission.ADMITTED);
        completing = created.completing(FileId.random(), "00ff");
        assertThat(store.states().replace(completing)).isEqualTo(Change.DONE);
        store.bodies().finish(completing);
        assertThat(layout.body(completing.id())).doesNotExist();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private UploadState create() throws IOException {
        UploadId id = UploadId.random();
        UploadPlan plan = new UploadPlan(
                "o",
                "p",
                "f",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Completion.ASKED,
                Map.of(),
                EXPIRY);
        return UploadState.created(
                id, plan, OptionalLong.of(0), EXPIRY, store.bodies().create(id));
    }

    private void reopen() throws IOException {
        store.close();
        store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
    }

    @Test
    @DisplayName("is not read before it is asked for")
    void isReadLate() throws IOException {
        reopen();
        UploadState written = completing.completed(EXPIRY);
        Files.write(layout.state(completing.id()), StateDocument.write(written));

        assertThat(store.states().find(completing.id())).contains(written);
    }

    @Test
    @DisplayName("is found, changed and removed as every other")
    void isThere() throws IOException {
        UploadState complete = completing.completed(EXPIRY);
        reopen();
        assertThat(store.states().replace(complete)).isEqualTo(Change.DONE);
        reopen();
        assertThat(store.states().find(complete.id())).contains(complete);
        reopen();
        assertThat(store.states().delete(completing)).isEqualTo(Change.STALE);
        assertThat(store.states().delete(complete)).isEqualTo(Change.DONE);
        reopen();
        assertThat(store.states().find(complete.id())).isEmpty();
    }

    @Test
    @DisplayName("is found by every search, and counts for its owner")
    void isSearched() throws IOException {
        reopen();
        assertThat(store.states().interrupted()).containsExactly(completing);
        reopen();
        assertThat(store.states().unfinished("o")).containsExactly(completing);
        reopen();
        assertThat(store.states().expired(EXPIRY.plusSeconds(1), 5)).containsExactly(completing);
        reopen();
        assertThat(store.states().create(create(), ONE)).isEqualTo(Admission.TOO_MANY);
    }

    @Test
    @DisplayName("keeps nobody from the others where it is broken, and is removed where it was never written")
    void isBroken() throws IOException {
        UploadState other = create();
        store.states().create(other, new OwnerLimits(2, 1_000));
        Files.write(layout.state(completing.id()), new byte[] {'{'});
        UploadId never = UploadId.random();
        Files.createDirectories(layout.upload(never));
        reopen();

        assertThat(store.states().find(completing.id())).isEmpty();
        assertThat(store.states().unfinished("o")).containsExactly(other);
        assertThat(layout.state(completing.id())).exists();
        assertThat(layout.upload(never)).doesNotExist();
    }
}
