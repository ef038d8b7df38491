// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file is read for its digest, and how long the digest is believed. */
@DisplayName("the digest of a file")
final class ContentDigestsTest {

    private static final int LENGTH = 300_000;
    private static final long HUGE = 10L << 30;

    @TempDir
    private static Path lasting;

    private static Path file;
    private static Path huge;

    @TempDir
    private Path directory;

    @BeforeAll
    static void write() throws IOException {
        file = Bytes.write(lasting.resolve("file"), LENGTH);
        huge = LastingFiles.sparse(lasting.resolve("huge"), HUGE);
        LastingFiles.await(file);
        LastingFiles.await(huge);
    }

    private static ContentDigests digests() {
        return new ContentDigests(Optional.empty());
    }

    private ContentDigests indexed() {
        return new ContentDigests(Optional.of(DigestIndex.open(directory.resolve("index"))));
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("resumable-digests"))
                .count();
    }

    @Test
    @DisplayName("is that of its bytes, and read once for all who ask at once")
    void singleFlight() throws Exception {
        FileState state = FileState.of(file);
        ExecutorService readers = Executors.newFixedThreadPool(8);
        try (ContentDigests digests = digests()) {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(readers.submit(() -> digests.await(file, state)));
            }
            byte[] first = all.get(0).get();
            assertThat(HexFormat.of().formatHex(first)).isEqualTo(Bytes.sha256(0, LENGTH));
            for (Future<byte[]> each : all) {
                // The same array, so from the same reading.
                assertThat(each.get()).isSameAs(first);
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    @DisplayName("is refused if the file was changed since its state was looked at")
    void changedBefore() throws IOException {
        Path changed = Bytes.write(directory.resolve("changed"), LENGTH);
        FileState before = FileState.of(changed);
        FileTime modified = Files.getLastModifiedTime(changed);
        Files.write(changed, new byte[] {1}, StandardOpenOption.WRITE);
        // Size and modification time as before: the time of the last change tells.
        Files.setLastModifiedTime(changed, modified);
        try (ContentDigests digests = digests()) {
            assertThatThrownBy(() -> digests.await(changed, before)).isInstanceOf(StaleFileException.class);
            assertThat(digests.known(changed, before)).isEmpty();
        }
    }

    @Test
    @DisplayName("is refused if the file was changed while it was read")
    void changedMeanwhile() throws IOException {
        Path changed = LastingFiles.sparse(directory.resolve("changed"), 512L << 20);
        LastingFiles.await(changed);
        FileState before = FileState.of(changed);
        try (ContentDigests digests = digests()) {
            digests.begin(changed, before);
            Awaitility.await().until(() -> threads() == 1);
            FileTime modified = Files.getLastModifiedTime(changed);
            Files.write(changed, new byte[] {1}, StandardOpenOption.WRITE);
            Files.setLastModifiedTime(changed, modified);
            assumeThat(digests.known(changed, before))
                    .as("the digest of a file that was changed too late")
                    .isEmpty();
            // The next one in the queue is read when this one is done.
            FileState next = FileState.of(file);
            digests.begin(file, next);
            Awaitility.await().until(() -> digests.known(file, next).isPresent());
            assertThat(digests.known(changed, before)).isEmpty();
        }
    }

    @Test
    @DisplayName("of a young state is not kept: a write within the clock's grain would not show")
    void youngState() throws IOException {
        Path young = Bytes.write(directory.resolve("young"), LENGTH);
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        // Old by its modification time, but that can be set by anybody.
        Files.setLastModifiedTime(young, old);
        FileState state = FileState.of(young);
        try (ContentDigests digests = indexed()) {
            digests.await(young, state);
            digests.begin(young, state);
            assertThat(digests.known(young, state)).isEmpty();
        }
        assertThat(directory.resolve("index")).doesNotExist();
    }

    @Test
    @DisplayName("is found in the background without anybody waiting")
    void inBackground() throws IOException {
        FileState state = FileState.of(file);
        try (ContentDigests digests = digests()) {
            digests.begin(file, state);
            Awaitility.await().until(() -> digests.known(file, state).isPresent());
            assertThat(HexFormat.of().formatHex(digests.known(file, state).orElseThrow()))
                    .isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }

    @Test
    @DisplayName("of a huge file is left unfinished within a moment when all is closed, and nobody waits on")
    void closedWhileReading() throws Exception {
        FileState hugeState = FileState.of(huge);
        FileState queued = FileState.of(file);
        ExecutorService waiter = Executors.newSingleThreadExecutor();
        try (ContentDigests digests = digests()) {
            digests.begin(huge, hugeState);
            digests.begin(file, queued);
            Future<byte[]> waiting = waiter.submit(() -> digests.await(file, queued));
            Awaitility.await().until(() -> threads() == 1);
            assertThat(digests.known(huge, hugeState)).isEmpty();
            assertThat(waiting.isDone()).isFalse();

            digests.close();

            // Far less than reading all of it takes.
            Awaitility.await().atMost(4, TimeUnit.SECONDS).until(() -> threads() == 0);
            assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
            assertThat(digests.known(huge, hugeState)).isEmpty();
            // Those who still ask are served, without the background.
            assertThat(digests.await(file, queued)).hasSize(32);
        } finally {
            waiter.shutdownNow();
        }
    }

    @Test
    @DisplayName("waits with at most a thousand others")
    void boundedQueue() throws IOException {
        FileState first = FileState.of(huge);
        FileState last = FileState.of(file);
        try (ContentDigests digests = digests()) {
            digests.begin(huge, first);
            Awaitility.await().until(() -> threads() == 1);
            for (int i = 0; i < 1_500; i++) {
                digests.begin(file, new FileState("key " + i, 1, first.modified(), first.changed()));
            }
            digests.begin(file, last);
            // Not taken, so whoever needs it reads it and waits for nobody.
            assertThat(digests.await(file, last)).hasSize(32);
            assertThat(digests.known(huge, first)).isEmpty();
        }
    }

    @Test
    @DisplayName("is known after a restart, by the index, and not read again")
    void restart() throws IOException {
        FileState state = FileState.of(file);
        byte[] digest;
        try (ContentDigests before = indexed()) {
            digest = before.await(file, state);
        }
        try (ContentDigests after = indexed()) {
            assertThat(after.known(file, state)).contains(digest);
        }
    }

    @Test
    @DisplayName("is in the index soon, also if the process is killed later")
    void savedSoon() throws IOException {
        FileState state = FileState.of(file);
        try (ContentDigests digests = indexed()) {
            digests.await(file, state);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(directory.resolve("index")).exists());
        }
    }

    @Test
    @DisplayName("is in the index soon also while many others wait for theirs")
    void savedAmongOthers() throws IOException {
        FileState state = FileState.of(file);
        Path large = LastingFiles.sparse(directory.resolve("large"), 100L << 20);
        try (ContentDigests digests = indexed()) {
            digests.await(file, state);
            // A minute of reading.
            for (int i = 0; i < 1_000; i++) {
                digests.begin(large, new FileState("key " + i, 100L << 20, state.modified(), state.changed()));
            }
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(directory.resolve("index")).exists());
        }
    }

    @Test
    @DisplayName("is found by the warm-up without a request, below the directory and not behind links")
    void warmUp() throws IOException {
        Path below = Files.createDirectories(directory.resolve("a/b"));
        Path hidden = Files.createDirectories(directory.resolve("hidden"));
        Path seen = Bytes.write(below.resolve("seen"), 1_000);
        Path other = Bytes.write(directory.resolve("other"), 1_000);
        Path skipped = Bytes.write(hidden.resolve("skipped"), 1_000);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        try (ContentDigests digests = digests()) {
            digests.warmUp(new WarmUpFiles(directory, path -> !path.equals(hidden)));
            Awaitility.await()
                    .until(() -> digests.known(seen, FileState.of(seen)).isPresent()
                            && digests.known(other, FileState.of(other)).isPresent());
            assertThat(digests.known(skipped, FileState.of(skipped))).isEmpty();
            assertThat(digests.known(file, FileState.of(file))).isEmpty();
        } finally {
            Files.delete(link);
        }
    }
}
