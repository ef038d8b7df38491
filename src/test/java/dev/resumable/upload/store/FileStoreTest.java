// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStates.Admission;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileStoreTest {

    private static final OwnerLimits LIMITS = new OwnerLimits(10, 1_000);

    @TempDir
    private Path directory;

    private static UploadState state(UploadStore store) throws IOException {
        UploadId id = UploadId.random();
        UploadPlan plan = new UploadPlan(
                "owner \u00FC \"quoted\"",
                "parts",
                "a/b:c\u20AC.txt",
                Optional.of("text/plain"),
                Optional.of("00ff"),
                Optional.of(new PartLayout(25, 10)),
                Completion.ASKED,
                Map.of("Upload-Metadata", "a Yg==,c"),
                Instant.parse("2026-01-02T03:04:05.678Z"));
        return UploadState.created(
                id,
                plan,
                OptionalLong.of(25),
                Instant.parse("2026-02-03T04:05:06Z"),
                store.bodies().create(id));
    }

    @ParameterizedTest
    @EnumSource
    void aStateIsTheSameAfterReopening(FsyncPolicy fsync) throws IOException {
        UploadState last;
        try (UploadStore store = UploadStore.inDirectory(directory, fsync)) {
            UploadState first = state(store);
            assertThat(store.states().create(first, LIMITS)).isEqualTo(Admission.ADMITTED);
            UploadState second = first.withPart(new Part(2, 10, "aa", "part-2-x:y"), first.expires());
            assertThat(store.states().replace(second)).isEqualTo(Change.DONE);
            last = second.withPart(new Part(1, 10, "bb", ""), first.expires());
            assertThat(store.states().replace(last)).isEqualTo(Change.DONE);
            assertThat(last.offset()).isEqualTo(20);
            assertThat(second.offset()).isZero();
        }
        try (UploadStore store = UploadStore.inDirectory(directory, fsync)) {
            assertThat(store.states().find(last.id())).contains(last);
        }
    }

    @Test
    void aChangeOfAnOldStateIsRefused() throws IOException {
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            UploadState first = state(store);
            store.states().create(first, LIMITS);
            UploadState second = first.claimed();
            assertThat(store.states().replace(second)).isEqualTo(Change.DONE);

            assertThat(store.states().replace(first.claimed())).isEqualTo(Change.STALE);
            assertThat(store.states().delete(first)).isEqualTo(Change.STALE);
            assertThat(store.states().delete(second)).isEqualTo(Change.DONE);
            assertThat(store.states().replace(second.claimed())).isEqualTo(Change.STALE);
        }
    }

    @Test
    void anUploadWithoutAStateIsRemoved() throws IOException {
        UploadId id = UploadId.random();
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            store.bodies().create(id);
        }
        UploadStore.inDirectory(directory, FsyncPolicy.NONE).close();

        assertThat(new FileLayout(directory).upload(id)).doesNotExist();
    }

    @Test
    void aBrokenStateDoesNotStopTheOthers() throws IOException {
        UploadState good;
        UploadState bad;
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            good = state(store);
            bad = state(store);
            store.states().create(good, LIMITS);
            store.states().create(bad, LIMITS);
        }
        Files.writeString(new FileLayout(directory.toRealPath()).state(bad.id()), "{\"id\":");
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            assertThat(store.states().find(good.id())).isPresent();
            assertThat(store.states().find(bad.id())).isEmpty();
        }
    }

    @Test
    void aDamagedDateDoesNotStopTheOthers() throws IOException {
        FileLayout layout = new FileLayout(directory.toRealPath());
        UploadState good;
        UploadState bad;
        UploadState badPart;
        List<StoredFile> stored = new ArrayList<>();
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            good = state(store);
            bad = state(store);
            badPart = state(store);
            for (UploadState state : List.of(good, bad, badPart)) {
                store.states().create(state, LIMITS);
            }
            for (int i = 0; i < 2; i++) {
                stored.add(store.catalogue()
                        .add(new StoredFile(
                                FileId.random(), "o", "f", Optional.empty(), 1, "a" + i, good.id(), Instant.now())));
            }
        }
        damage(layout.state(bad.id()));
        damage(layout.file(stored.get(1).id()));
        String line = "[2,\"not a date\",\"1:10:aa:\"]";
        Files.writeString(
                layout.parts(badPart.id()),
                PartLog.checksum(line.getBytes(StandardCharsets.UTF_8)) + " " + line + "\n");
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            assertThat(store.states().find(good.id())).isPresent();
            assertThat(store.states().find(bad.id())).isEmpty();
            assertThat(store.states().find(badPart.id())).isEmpty();
            assertThat(store.catalogue().list("o")).containsExactly(stored.get(0));
        }
        assertThat(layout.state(bad.id())).exists();
        assertThat(layout.file(stored.get(1).id())).exists();
    }

    private static void damage(Path document) throws IOException {
        Files.writeString(document, Files.readString(document).replaceAll("(\"(created)\":\")[0-9]+-", "$1never-"));
    }

    @Test
    void leftOversBehindTheOffsetAreNotRead() throws IOException {
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            UploadId id = UploadId.random();
            UploadState state = UploadState.created(
                    id,
                    plan(Optional.empty()),
                    OptionalLong.empty(),
                    Instant.now(),
                    store.bodies().create(id));
            try (BodyWriter writer = store.bodies().append(state)) {
                writer.write(new byte[] {1, 2, 3}, 0, 3);
                state = state.advanced(state.length(), 3, writer.commit(), Instant.now());
                writer.write(new byte[] {9, 9}, 0, 2);
            }
            Files.write(new FileLayout(directory).body(id), new byte[] {8, 8, 8}, StandardOpenOption.APPEND);

            assertThat(store.bodies().read(state, 1).readAllBytes()).containsExactly(2, 3);
            try (BodyWriter writer = store.bodies().append(state)) {
                writer.write(new byte[] {4}, 0, 1);
                state = state.advanced(state.length(), 4, writer.commit(), Instant.now());
            }
            store.bodies().finish(state);
            assertThat(store.bodies().open(id, 0, 4).readAllBytes()).containsExactly(1, 2, 3, 4);
            assertThat(Files.size(new FileLayout(directory).blob(id))).isEqualTo(4);
        }
    }

    @Test
    void partsThatCameAgainTakeNoSpaceOnceTheUploadIsFinished() throws IOException {
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            UploadState state = state(store);
            for (int number : new int[] {1, 2, 3, 2}) {
                try (BodyWriter writer = store.bodies().part(state, number)) {
                    int size = number == 3 ? 5 : 10;
                    writer.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0, size);
                    state = state.withPart(new Part(number, size, "aa", writer.commit()), Instant.now());
                }
            }
            Path again = new FileLayout(directory)
                    .upload(state.id())
                    .resolve(state.parts().get(2).reference());
            byte[] bytes = Files.readAllBytes(again);
            store.bodies().finish(state);
            assertThat(again).doesNotExist();
            assertThat(store.bodies().open(state.id(), 10, 10).readAllBytes()).isEqualTo(bytes);

            // As a crash between the two leaves it.
            Files.write(again, bytes);
            store.bodies().finish(state);
            assertThat(again).doesNotExist();
        }
    }

    @Test
    void bytesThatAreMissingAreAnError() throws IOException {
        try (UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE)) {
            UploadId id = UploadId.random();
            UploadState state = UploadState.created(
                            id,
                            plan(Optional.empty()),
                            OptionalLong.empty(),
                            Instant.now(),
                            store.bodies().create(id))
                    .advanced(OptionalLong.empty(), 5, "", Instant.now());

            assertThatThrownBy(() -> store.bodies().read(state, 0).readAllBytes())
                    .isInstanceOf(IOException.class);
        }
    }

    private static UploadPlan plan(Optional<PartLayout> layout) {
        return new UploadPlan(
                "o", "p", "f", Optional.empty(), Optional.empty(), layout, Completion.ASKED, Map.of(), Instant.now());
    }

    @ParameterizedTest
    @EnumSource
    void allWhoShareADirectoryHaveOnePolicy(FsyncPolicy first) throws IOException {
        FsyncPolicy other = first == FsyncPolicy.NONE ? FsyncPolicy.PER_REQUEST : FsyncPolicy.NONE;
        UploadStore one = UploadStore.inDirectory(directory, first);
        try (UploadStore two = UploadStore.inDirectory(directory, first)) {
            assertThatThrownBy(() -> UploadStore.inDirectory(directory, other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("fsync policy " + first)
                    .hasMessageContaining("not " + other);
            one.close();
            one.close();
            assertThatThrownBy(() -> UploadStore.inDirectory(directory, other))
                    .as("the other user has it still, however often one lets go")
                    .isInstanceOf(IOException.class);
            assertThat(two.states().find(UploadId.random())).isEmpty();
        }
        UploadStore.inDirectory(directory, other).close();
    }

    @Test
    void oneProcessHasTheDirectory() throws Exception {
        try (UploadStore one = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
                UploadStore two = UploadStore.inDirectory(directory.resolve("."), FsyncPolicy.NONE)) {
            assertThat(two.states()).isSameAs(one.states());
        }
        try (FileChannel other = FileChannel.open(directory.resolve("lock"), StandardOpenOption.WRITE)) {
            other.lock();
            assertThatThrownBy(() -> UploadStore.inDirectory(directory, FsyncPolicy.NONE))
                    .hasMessageContaining("another process");
        }
        UploadStore.inDirectory(directory, FsyncPolicy.NONE).close();
    }
}
