// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.http.ByteRange;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags of files, and files that change while they are sent. */
@DisplayName("a file")
final class FileContentTest {

    private static final int LENGTH = 100_000;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Bytes.write(directory.resolve("file"), LENGTH);
        age(file, Duration.ofHours(1));
    }

    private static void age(Path path, Duration age) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
    }

    private static Validators validators(Path path, EntityTagSource tags) throws IOException {
        return FileRepresentation.of(path, Optional.empty(), tags).validators();
    }

    private static EntityTag tag(Path path, EntityTagSource tags) throws IOException {
        return validators(path, tags).entityTag().orElseThrow();
    }

    /** The tag of the file within a second of its last change, however busy the machine is. */
    private EntityTag youngTag(EntityTagSource tags) throws IOException {
        while (true) {
            long changed = System.nanoTime();
            age(file, Duration.ZERO);
            EntityTag young = tag(file, tags);
            if (System.nanoTime() - changed < Duration.ofSeconds(1).toNanos()) {
                return young;
            }
        }
    }

    @Test
    @DisplayName("has the tag of its bytes, whatever its name and date")
    void contentTag() throws IOException {
        Path copy = Files.copy(file, directory.resolve("copy"));
        try (EntityTagSource tags = new EntityTagSource(EntityTagSource.Policy.CONTENT, 0)) {
            assertThat(tag(file, tags)).isEqualTo(tag(copy, tags));
            assertThat(tag(file, tags).isStrong()).isTrue();
            assertThat(EntityTagSource.isOurs(tag(file, tags))).isTrue();

            Files.write(copy, new byte[] {1}, StandardOpenOption.WRITE);
            assertThat(tag(copy, tags)).isNotEqualTo(tag(file, tags));
        }
    }

    @Test
    @DisplayName("has a metadata tag that is strong only when the clock has moved on (RFC 9110 §8.8.1)")
    void metadataTag() throws IOException {
        try (EntityTagSource tags = new EntityTagSource(EntityTagSource.Policy.METADATA, 0)) {
            assertThat(tag(file, tags).isStrong()).isTrue();
            EntityTag before = tag(file, tags);
            assertThat(youngTag(tags).isWeak()).isTrue();
            age(file, Duration.ofHours(2));
            assertThat(tag(file, tags)).isNotEqualTo(before);
        }
    }

    @Test
    @DisplayName("that is large keeps its first tag and is known by both once it is digested")
    void bothTags() throws IOException {
        try (EntityTagSource auto = new EntityTagSource(EntityTagSource.Policy.AUTO, LENGTH - 1);
                EntityTagSource content = new EntityTagSource(EntityTagSource.Policy.CONTENT, 0)) {
            EntityTag first = tag(file, auto);
            EntityTag digested = tag(file, content);
            assertThat(first.opaque()).startsWith("m.");

            Awaitility.await().until(() -> validators(file, auto).anyTagMatchesStrongly(digested));
            assertThat(tag(file, auto)).isEqualTo(first);
            assertThat(validators(file, auto).anyTagMatchesStrongly(first)).isTrue();
            assertThat(FileRepresentation.of(file, Optional.empty(), auto).sha256())
                    .isPresent();
        }
    }

    @Test
    @DisplayName("that is small has its content tag at once, and its metadata tag is honoured too")
    void smallFile() throws IOException {
        try (EntityTagSource auto = new EntityTagSource(EntityTagSource.Policy.AUTO, LENGTH);
                EntityTagSource metadata = new EntityTagSource(EntityTagSource.Policy.METADATA, 0)) {
            assertThat(tag(file, auto).opaque()).startsWith("c.");
            assertThat(validators(file, auto).anyTagMatchesStrongly(tag(file, metadata)))
                    .isTrue();
        }
    }

    private FileRepresentation representation() throws IOException {
        try (EntityTagSource tags = new EntityTagSource(EntityTagSource.Policy.CONTENT, 0)) {
            return FileRepresentation.of(file, Optional.empty(), tags);
        }
    }

    @Test
    @DisplayName("that was replaced before it is opened is not sent under the old tag")
    void replacedBefore() throws IOException {
        FileRepresentation representation = representation();
        Files.move(Bytes.write(directory.resolve("new"), LENGTH), file, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> representation.open(new ByteRange(0, 9))).isInstanceOf(StaleFileException.class);
    }

    @Test
    @DisplayName("that is replaced while it is sent breaks off, since nothing tells whether it was written to before")
    void replacedDuring() throws IOException {
        FileRepresentation representation = representation();
        try (InputStream in = representation.open(new ByteRange(0, LENGTH - 1))) {
            byte[] start = in.readNBytes(10);
            Files.move(
                    Files.write(directory.resolve("new"), new byte[LENGTH]), file, StandardCopyOption.REPLACE_EXISTING);

            assertThat(start).isEqualTo(Bytes.slice(0, 10));
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("that is written to while it is sent breaks off before its last byte")
    void writtenDuring() throws IOException {
        FileRepresentation representation = representation();
        try (InputStream in = representation.open(new ByteRange(0, LENGTH - 1))) {
            in.readNBytes(10);
            Files.write(file, new byte[LENGTH]);

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("that is truncated while it is sent breaks off")
    void truncatedDuring() throws IOException {
        FileRepresentation representation = representation();
        try (InputStream in = representation.open(new ByteRange(0, LENGTH - 1))) {
            in.readNBytes(10);
            Files.write(file, new byte[20]);

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("that is not there, or is a directory, is no representation")
    void missing() {
        assertThatThrownBy(() -> FileState.of(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> FileState.of(directory)).isInstanceOf(NoSuchFileException.class);
    }
}
