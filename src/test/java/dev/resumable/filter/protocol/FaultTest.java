// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P53: no room for spools. Nothing was sent yet, so the body passes on without ranges; it is never cut. */
@DisplayName("without room for spools")
final class FaultTest {

    private static final int LENGTH = 3_000_000;
    private static final String[] PATHS = {"/sync", "/length", "/async", "/push"};

    @TempDir
    private Path directory;

    private final AtomicInteger failures = new AtomicInteger();
    private final RecordedEvents events = new RecordedEvents();

    private static void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/length")) {
            response.setContentLength(LENGTH);
        }
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(response.getOutputStream());
        }
    }

    private EmbeddedContainer start(ContainerKind kind, RangeConfig.Builder config) {
        return kind.start(FilteredApp.with(
                        config.spoolHeap(64 << 10).events(Optional.of(events)).build())
                .servlet("/sync", FaultTest::write)
                .servlet("/length", FaultTest::write)
                .servlet("/async", (request, response) -> Async.run(request, later -> write(request, later)))
                .servlet("/push", (request, response) -> Pushed.send(request, LENGTH, failures))
                .servlet(
                        "/small",
                        (request, response) -> response.getOutputStream().write(Bytes.pattern(300_000)))
                .app());
    }

    private static void assertPasses(EmbeddedContainer container) throws IOException {
        for (String path : PATHS) {
            RawResponse got = container.get(path, "Range: bytes=0-9").assertComplete();
            assertThat(got.status()).as("%s: %s", path, got.head()).isEqualTo(200);
            assertThat(got.sha256()).as(path).isEqualTo(Bytes.sha256(0, LENGTH));
            assertThat(got.field("ETag")).as(path).isEmpty();
            assertThat(got.field("Accept-Ranges")).as(path).isEmpty();
        }
    }

    private static void assertRanges(EmbeddedContainer container, String path) throws IOException {
        RawResponse got = container.get(path, "Range: bytes=10-19").assertComplete();
        assertThat(got.status()).isEqualTo(206);
        assertThat(got.body()).isEqualTo(Bytes.slice(10, 10));
    }

    @ParameterizedTest(name = "P53 {0}")
    @ContainerSource
    @DisplayName("P53 past the limit of all spools together, and not for longer than that")
    void totalLimit(ContainerKind kind) throws IOException {
        RangeConfig.Builder config =
                RangeConfig.builder().spoolDirectory(Optional.of(directory)).spoolTotalSize(1_000_000);
        try (EmbeddedContainer container = start(kind, config)) {
            for (int i = 0; i < 5; i++) {
                assertPasses(container);
                assertRanges(container, "/small");
            }
            assertThat(failures).hasValue(0);
            assertGivenUp("SPOOL_FULL", 5);
        }
    }

    /** Each of the paths so many times; one more event for each tells how it ended. */
    private void assertGivenUp(String reason, int rounds) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(events.told())
                        .filteredOn(event -> event.equals("passed " + reason + " " + LENGTH))
                        .hasSize(rounds * PATHS.length));
        assertThat(events.told())
                .filteredOn(event -> event.startsWith("given up "))
                .hasSize(rounds * PATHS.length)
                .allMatch(event -> event.startsWith("given up " + reason + " "));
    }

    @ParameterizedTest(name = "P53 {0}")
    @ContainerSource
    @DisplayName("P53 where no file can be made")
    void noDirectory(ContainerKind kind) throws IOException {
        Path file = Files.createFile(directory.resolve("in-the-way"));
        RangeConfig.Builder config = RangeConfig.builder().spoolDirectory(Optional.of(file.resolve("spools")));
        try (EmbeddedContainer container = start(kind, config)) {
            assertPasses(container);
            assertThat(failures).hasValue(0);
            assertGivenUp("DISK_FAILED", 1);
        }
    }

    @ParameterizedTest(name = "P53 {0}")
    @ContainerSource
    @DisplayName("P53 on a full disk, which is free again afterwards")
    void fullDisk(ContainerKind kind) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", directory.toString()),
                "mounting a small tmpfs needs the rights of root");
        try (EmbeddedContainer container = start(kind, RangeConfig.builder().spoolDirectory(Optional.of(directory)))) {
            for (int i = 0; i < 3; i++) {
                assertPasses(container);
                assertRanges(container, "/small");
            }
            assertThat(failures).hasValue(0);
            assertGivenUp("DISK_FAILED", 3);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(SpoolFiles.open(directory)).isZero());
        } finally {
            run("umount", "-l", directory.toString());
        }
    }

    @ParameterizedTest(name = "P53 {0}")
    @ContainerSource
    @DisplayName("P53 that many want at once: each is whole, with ranges or without")
    void shared(ContainerKind kind) throws IOException {
        RangeConfig.Builder config =
                RangeConfig.builder().spoolDirectory(Optional.of(directory)).spoolTotalSize(2L * LENGTH);
        try (EmbeddedContainer container = start(kind, config)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                clients.add(container.connect().send(RawRequest.get(PATHS[i % PATHS.length])));
            }
            for (RawClient client : clients) {
                RawResponse got = client.read("GET").assertComplete();
                assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
                client.close();
            }
            // All of it was given back.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertRanges(container, "/sync"));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
