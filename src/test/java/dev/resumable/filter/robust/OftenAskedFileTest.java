// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileState;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What is remembered of a small file must not outlive it. */
@DisplayName("a small file that is asked for often")
final class OftenAskedFileTest {

    private static final int LENGTH = 4 << 10;
    private static final int TESTS = 4;

    /** Far more than the second for which a path is believed. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directories;

    /** For each test a directory with a file in a state that can be believed, which takes its time. */
    private static final Queue<Path> READY = new ArrayDeque<>();

    private Path root;
    private Path file;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        for (int i = 0; i < TESTS * ContainerKind.running().size(); i++) {
            Path directory = Files.createDirectory(directories.resolve("root-" + i));
            Files.write(directory.resolve("file.bin"), Bytes.slice(0, LENGTH));
            READY.add(directory);
        }
        for (Path directory : READY) {
            awaitBelievable(directory.resolve("file.bin"));
        }
    }

    private static void awaitBelievable(Path file) throws IOException, InterruptedException {
        while (!FileState.of(file).hasStoodStill(Duration.ofMillis(2_100), Instant.now())) {
            Thread.sleep(50);
        }
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return start(kind, RangeConfig.defaults());
    }

    private EmbeddedContainer start(ContainerKind kind, RangeConfig config) {
        root = READY.remove();
        file = root.resolve("file.bin");
        return kind.start(FilteredApp.with(config).app().documentRoot(root));
    }

    /** A body and the tag that is made of it, and nothing of any other state. */
    private RawResponse ask(EmbeddedContainer container) throws IOException, NoSuchAlgorithmException {
        RawResponse got = container.get("/file.bin").assertComplete();
        assertThat(got.status()).isEqualTo(200);
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(got.body());
        assertThat(got.field("ETag"))
                .contains(EntityTagSource.contentTag(sha256).toString());
        return got;
    }

    private void askOften(EmbeddedContainer container) throws IOException, NoSuchAlgorithmException {
        for (int i = 0; i < 5; i++) {
            assertThat(ask(container).body()).isEqualTo(Bytes.slice(0, LENGTH));
        }
        RawResponse part = container.get("/file.bin", "Range: bytes=100-199").assertComplete();
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Bytes.slice(100, 100));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is another at once when it was replaced by one of the same length and date")
    void replaced(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            askOften(container);
            FileTime time = Files.getLastModifiedTime(file);
            Path other = Files.write(root.resolve("other.bin"), Bytes.slice(7, LENGTH));
            Files.setLastModifiedTime(other, time);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);

            assertThat(ask(container).body()).isEqualTo(Bytes.slice(7, LENGTH));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is never a mixture when it is written to and its date set back, and the new one before long")
    void disguised(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            askOften(container);
            FileTime time = Files.getLastModifiedTime(file);
            Files.write(file, Bytes.slice(7, LENGTH), StandardOpenOption.WRITE);
            Files.setLastModifiedTime(file, time);

            byte[] expected = Bytes.slice(7, LENGTH);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!Arrays.equals(ask(container).body(), expected)) {
                assertThat(System.nanoTime()).as("still the old one").isLessThan(end);
            }
        }
    }

    /** One container goes on sending the old bytes from its cache for as long as length and date are the same. */
    @Test
    @DisplayName(
            "has the tag of the bytes that its container sends, when the default servlet sends it and its date was set back")
    void disguisedBehind() throws Exception {
        RangeConfig chain =
                RangeConfig.builder().staticFiles(StaticFilesPolicy.CHAIN).build();
        Map<ContainerKind, Path> files = new ConcurrentHashMap<>();
        try (SideBySide all = SideBySide.start(kind -> {
            EmbeddedContainer container = start(kind, chain);
            files.put(kind, file);
            return container;
        })) {
            all.check(container -> disguise(container, Objects.requireNonNull(files.get(container.kind()))));
        }
    }

    private void disguise(EmbeddedContainer container, Path of) throws Exception {
        askOften(container);
        FileTime time = Files.getLastModifiedTime(of);
        Files.write(of, Bytes.slice(7, LENGTH), StandardOpenOption.WRITE);
        Files.setLastModifiedTime(of, time);

        ask(container);
        while (!FileState.of(of).hasStoodStill(Duration.ofSeconds(11), Instant.now())) {
            Thread.sleep(500);
            ask(container);
        }
        ask(container);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is gone when it was deleted")
    void deleted(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            askOften(container);
            Files.delete(file);

            // One container finds the name in its own cache, and cannot open the file.
            assertThat(container.get("/file.bin").status()).isIn(403, 404);
        }
    }
}
