// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.FailingDisk.Force;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("a catalogue of documents on a disk that fails when it is forced")
class FailingCatalogueTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    private FileLayout layout;
    private final FailingDisk disk = new FailingDisk();
    private FileCatalogue catalogue;

    @BeforeEach
    void open() throws IOException {
        layout = new FileLayout(directory);
        catalogue = reopened();
    }

    private FileCatalogue reopened() throws IOException {
        return FileCatalogue.load(layout, disk);
    }

    /** A file whose directory is there, so that what fails is the change of its own document. */
    private StoredFile file(String owner) throws IOException {
        StoredFile file = new StoredFile(
                FileId.random(),
                owner,
                "name",
                Optional.empty(),
                5,
                HASH,
                UploadId.random(),
                Instant.parse("2026-01-02T03:04:05Z"));
        Files.createDirectories(DurableFiles.directoryOf(layout.file(file.id())));
        return file;
    }

    private void fails(Force where, Change change) {
        disk.failing = where;
        assertThatThrownBy(change::run).hasMessage("on purpose");
        disk.failing = Force.NEVER;
    }

    @FunctionalInterface
    private interface Change {
        void run() throws IOException;
    }

    @Test
    @DisplayName("a removal that has reached the disk is one: no file is put on bytes that are about to go")
    void aRemovalThatFailed() throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        fails(Force.DIRECTORY, () -> catalogue.remove(file));

        StoredFile equal = catalogue.add(file("bob"));
        assertThat(equal.blob()).isNotEqualTo(file.blob());
        assertThat(catalogue.find("alice", file.id())).isEmpty();
        assertThat(catalogue.list("alice")).isEmpty();
        assertThat(catalogue.remove(file)).as("once more").isEmpty();
        assertThat(catalogue.unreferenced()).containsExactly(file.blob());
        assertThat(reopened().unreferenced()).containsExactly(file.blob());
        assertThat(reopened().find("bob", equal.id())).contains(equal);
    }

    @Test
    @DisplayName("a removal that has reached the disk is one also for a list, and for what its owner may still store")
    void aListAfterARemovalThatFailed() throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        fails(Force.DIRECTORY, () -> catalogue.remove(file));
        assertThat(catalogue.list("alice")).isEmpty();

        StoredFile equal = catalogue.add(file("bob"));
        fails(Force.DIRECTORY, () -> catalogue.remove(equal));
        assertThat(catalogue.storedBytes("bob")).isZero();
    }

    @Test
    @DisplayName(
            "a removal that cannot be looked up is in nobody's way but its owner's, and theirs who have the same bytes")
    void oneDirectoryThatFails() throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        disk.only = Optional.of(DurableFiles.directoryOf(layout.file(file.id())));
        disk.failing = Force.DIRECTORY;
        assertThatThrownBy(() -> catalogue.remove(file)).hasMessage("on purpose");

        assertThatThrownBy(() -> catalogue.list("alice")).hasMessage("on purpose");
        assertThatThrownBy(() -> catalogue.add(file("bob"))).hasMessage("on purpose");
        assertThat(catalogue.list("bob")).isEmpty();
        assertThat(catalogue.storedBytes("bob")).isZero();

        disk.failing = Force.NEVER;
        assertThat(catalogue.unreferenced()).containsExactly(file.blob());
        assertThat(catalogue.list("alice")).isEmpty();
    }

    @Test
    @DisplayName("so is that of a file whose bytes others have")
    void aRemovalOfOneOfTwoThatFailed() throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        StoredFile equal = catalogue.add(file("bob"));
        fails(Force.DIRECTORY, () -> catalogue.remove(file));

        assertThat(catalogue.remove(equal)).contains(file.blob());
        assertThat(catalogue.find("alice", file.id())).isEmpty();
        assertThat(reopened().list("alice")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("a file whose document may be there or not has its bytes, if it is there")
    void anAdditionThatFailed(Force where) throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        StoredFile failed = file("bob");
        fails(where, () -> catalogue.add(failed));

        boolean isThere = reopened().find("bob", failed.id()).isPresent();
        assertThat(isThere).isEqualTo(where == Force.DIRECTORY);
        assertThat(catalogue.remove(file).isPresent())
                .as("bytes are given away")
                .isEqualTo(!isThere);
        assertThat(catalogue.find("bob", failed.id())).isEqualTo(reopened().find("bob", failed.id()));
        StoredFile added = catalogue.add(failed);
        assertThat(added.blob()).isEqualTo(isThere ? file.blob() : failed.blob());
        assertThat(reopened().list("bob")).containsExactly(added);
    }

    @Test
    @DisplayName("nothing is changed or promised as long as the disk cannot be forced; what is sure is found")
    void anUnknownState() throws IOException {
        StoredFile sure = catalogue.add(file("alice"));
        StoredFile file = catalogue.add(file("bob"));
        StoredFile other = file("carol");
        fails(Force.DIRECTORY, () -> catalogue.remove(file));

        fails(Force.DIRECTORY, () -> catalogue.find("bob", file.id()));
        fails(Force.DIRECTORY, () -> catalogue.find("bob", HASH, 5));
        fails(Force.DIRECTORY, () -> catalogue.remove(file));
        fails(Force.DIRECTORY, () -> catalogue.add(other));
        fails(Force.DIRECTORY, () -> catalogue.unreferenced());
        disk.failing = Force.DIRECTORY;
        assertThat(catalogue.find("alice", sure.id())).contains(sure);
        assertThat(layout.file(other.id())).doesNotExist();
    }

    @Test
    @DisplayName("bytes that a file has are not given away, whatever else is written down")
    void namedTwice() throws IOException {
        StoredFile file = catalogue.add(file("alice"));
        StoredFile equal = catalogue.add(file("bob"));
        Files.move(layout.file(file.id()), layout.removed(file.id()));

        assertThat(reopened().unreferenced()).isEmpty();
        assertThat(reopened().find("bob", equal.id())).contains(equal);
    }
}
