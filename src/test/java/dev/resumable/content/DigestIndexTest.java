// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.DigestIndexFile.Contents;
import dev.resumable.content.DigestIndexFile.Entries;
import dev.resumable.content.DigestIndexFile.Unusable;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Warnings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index remembers, and what it never believes. */
@DisplayName("the index of digests")
final class DigestIndexTest {

    private static final byte[] DIGEST = Bytes.random(1, 32);
    private static final byte[] OTHER_DIGEST = Bytes.random(2, 32);

    @TempDir
    private Path directory;

    private Path index;
    private Path file;
    private FileState state;

    @BeforeEach
    void write() throws IOException {
        index = directory.resolve("state/digests");
        file = Bytes.write(directory.resolve("file"), 1_000);
        state = FileState.of(file);
    }

    private void savedDigest() {
        DigestIndex first = DigestIndex.open(index);
        first.put(file, state, DIGEST);
        first.save();
    }

    @Test
    @DisplayName("remembers over a restart, for its owner alone")
    void remembers() throws IOException {
        savedDigest();

        assertThat(DigestIndex.open(index).find(file, state)).contains(DIGEST);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(index)))
                .isEqualTo("rw-------");
        assertThat(Files.list(index.getParent())).containsExactly(index);
    }

    @Test
    @DisplayName("is not made before there is something to remember")
    void nothingToSave() {
        DigestIndex.open(index).save();

        assertThat(index).doesNotExist();
    }

    @Test
    @DisplayName("knows a state by its path, key, size and both times")
    void everyPartOfTheState() throws IOException {
        savedDigest();
        DigestIndex read = DigestIndex.open(index);
        Path otherName = Files.createLink(directory.resolve("link"), file);
        Instant later = state.modified().plusNanos(1);

        assertThat(read.find(otherName, state)).isEmpty();
        assertThat(read.find(file, new FileState("other", state.size(), state.modified(), state.changed())))
                .isEmpty();
        assertThat(read.find(file, new FileState(state.key(), 1_001, state.modified(), state.changed())))
                .isEmpty();
        assertThat(read.find(file, new FileState(state.key(), state.size(), later, state.changed())))
                .isEmpty();
        assertThat(read.find(file, new FileState(state.key(), state.size(), state.modified(), later)))
                .isEmpty();
    }

    @Test
    @DisplayName("does not know another file with the same inode, size and modification time")
    void usedInode() throws IOException {
        savedDigest();
        FileTime modified = Files.getLastModifiedTime(file);
        // Written in place, so that the inode is the same for certain.
        Files.write(file, new byte[1_000]);
        Files.setLastModifiedTime(file, modified);
        FileState other = FileState.of(file);

        assertThat(other.key()).isEqualTo(state.key());
        assertThat(other.modified()).isEqualTo(state.modified());
        assertThat(DigestIndex.open(index).find(file, other)).isEmpty();
    }

    @Test
    @DisplayName("is not believed if a byte is missing or wrong, and mended by the next save")
    void damaged() throws IOException {
        savedDigest();
        byte[] sound = Files.readAllBytes(index);
        List<byte[]> damages = new ArrayList<>();
        for (int i = 40; i < sound.length; i += 13) {
            byte[] flipped = sound.clone();
            flipped[i] ^= 1;
            damages.add(flipped);
            damages.add(Arrays.copyOf(sound, i));
        }
        damages.add(Arrays.copyOf(sound, sound.length + 1));
        try (Warnings warnings = Warnings.of(DigestIndex.class)) {
            for (byte[] damage : damages) {
                Files.write(index, damage);
                assertThat(DigestIndex.open(index).find(file, state)).isEmpty();
            }
            assertThat(warnings.caught()).hasSize(damages.size());
            savedDigest();
        }
        assertThat(DigestIndex.open(index).find(file, state)).contains(DIGEST);
    }

    @Test
    @DisplayName("never touches a file that is no index")
    void foreign() throws IOException {
        Files.createDirectories(index.getParent());
        Files.writeString(index, "somebody's letters");
        try (Warnings warnings = Warnings.of(DigestIndex.class)) {
            savedDigest();
            assertThat(warnings.caught()).isNotEmpty();
        }
        assertThat(index).hasContent("somebody's letters");
    }

    @Test
    @DisplayName("is bounded, the least recently used go first")
    void bounded() throws IOException {
        DigestIndex first = DigestIndex.open(index);
        for (int i = 0; i <= DigestIndexFile.MAX_ENTRIES; i++) {
            first.put(file, new FileState("key " + i, 1, state.modified(), state.changed()), DIGEST);
            first.find(file, new FileState("key 0", 1, state.modified(), state.changed()));
        }
        first.save();

        Contents contents = new DigestIndexFile(index).read();
        assertThat(contents)
                .isInstanceOfSatisfying(
                        Entries.class, entries -> assertThat(entries.digests()).hasSize(DigestIndexFile.MAX_ENTRIES));
        DigestIndex read = DigestIndex.open(index);
        assertThat(read.find(file, new FileState("key 0", 1, state.modified(), state.changed())))
                .isPresent();
        assertThat(read.find(file, new FileState("key 1", 1, state.modified(), state.changed())))
                .isEmpty();
    }

    @Test
    @DisplayName("keeps what another process has saved in the meantime")
    void shared() {
        DigestIndex one = DigestIndex.open(index);
        DigestIndex other = DigestIndex.open(index);
        FileState otherState = new FileState("other", 1, state.modified(), state.changed());
        one.put(file, state, DIGEST);
        one.save();
        other.put(file, otherState, OTHER_DIGEST);
        other.save();

        DigestIndex read = DigestIndex.open(index);
        assertThat(read.find(file, state)).contains(DIGEST);
        assertThat(read.find(file, otherState)).contains(OTHER_DIGEST);
    }

    @Test
    @DisplayName("is whole at every moment while two processes save it and are killed")
    void twoProcesses() throws Exception {
        savedDigest();
        Process one = saver("one");
        Process other = saver("other");
        int seen = 0;
        try {
            // Both have begun once there are entries of both.
            while (seen < 20 && one.isAlive() && other.isAlive()) {
                Contents contents = new DigestIndexFile(index).read();
                assertThat(contents).isInstanceOf(Entries.class);
                seen += ((Entries) contents).digests().size() > 2 ? 1 : 0;
            }
        } finally {
            one.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(seen).as("both processes worked to the end").isEqualTo(20);
        assertThat(new DigestIndexFile(index).read()).isInstanceOf(Entries.class);
        assertThat(DigestIndex.open(index).find(file, state)).contains(DIGEST);
    }

    private Process saver(String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        IndexSaver.class.getName(),
                        index.toString(),
                        file.toString(),
                        name)
                .inheritIO()
                .start();
    }

    private static String classPath() {
        return Stream.of(IndexSaver.class, DigestIndex.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    @DisplayName("removes what a killed process has left, and nothing of a living one")
    void leftovers() throws IOException {
        savedDigest();
        Path left = Files.writeString(index.resolveSibling("digests.1.tmp"), "x");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path living = Files.writeString(index.resolveSibling("digests.2.tmp"), "x");
        Path foreign = Files.writeString(index.resolveSibling("letters.tmp"), "x");
        Files.setLastModifiedTime(foreign, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        DigestIndex.open(index);

        assertThat(left).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
    }

    @Test
    @DisplayName("that cannot be written leaves everything as it was")
    void unwritable() throws IOException {
        Files.writeString(directory.resolve("state"), "a file where a directory should be");
        try (Warnings warnings = Warnings.of(DigestIndex.class)) {
            DigestIndex first = DigestIndex.open(index);
            first.put(file, state, DIGEST);
            first.save();
            assertThat(first.find(file, state)).contains(DIGEST);
            assertThat(warnings.caught()).isNotEmpty();
        }
        assertThat(Files.list(directory)).hasSize(2);
    }

    @Test
    @DisplayName("of a length that no index has is not even read")
    void tooLong() throws IOException {
        Files.createDirectories(index.getParent());
        LastingFiles.sparse(index, 3L << 30);
        assertThat(new DigestIndexFile(index).read()).isInstanceOf(Unusable.class);
    }

    @Test
    @DisplayName("follows a file that is moved only to where it was digested")
    void moved() throws IOException {
        savedDigest();
        Path elsewhere = Files.move(file, directory.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(DigestIndex.open(index).find(elsewhere, FileState.of(elsewhere)))
                .isEmpty();
        assertThat(new String(Files.readAllBytes(index), StandardCharsets.ISO_8859_1))
                .as("no names of files")
                .doesNotContain("file");
    }
}
