// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.Catalogue.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a catalogue that only knows lists. */
class CataloguePagesTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

    @TempDir
    private Path directory;

    @Test
    void filesOfOneMomentAreOnOnePageEach() throws IOException {
        try (UploadStore store = UploadStore.inDirectory(directory, UploadStore.FsyncPolicy.NONE)) {
            for (int i = 0; i < 20; i++) {
                store.catalogue().add(file(NOW.plusNanos(i / 10)));
            }

            List<StoredFile> all = new ArrayList<>();
            Optional<Position> after = Optional.empty();
            for (int page = 0; page < 7; page++) {
                List<StoredFile> some = store.catalogue().list("o", after, 3);
                all.addAll(some);
                after = Optional.of(Position.of(some.get(some.size() - 1)));
            }

            assertThat(store.catalogue().list("o", after, 3)).isEmpty();
            assertThat(all).hasSize(20).doesNotHaveDuplicates();
            assertThat(all).isSortedAccordingTo(Comparator.comparing(StoredFile::created, Comparator.reverseOrder()));
        }
    }

    private static StoredFile file(Instant created) {
        FileId id = FileId.random();
        return new StoredFile(
                id, "o", "f", Optional.empty(), 1, "0123456789abcdef".repeat(4), UploadId.random(), created);
    }
}
