// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.LastingFiles;
import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Answers without content, of a file that takes long to read. */
@DisplayName("an answer without content")
final class CheapConditionalsTest {

    private static final long LENGTH = 32L << 20;
    private static final int SMALL = 100_000;
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Path COUNTERS = Path.of("/proc/self/io");

    @TempDir
    private Path root;

    private final AtomicInteger chains = new AtomicInteger();

    private EmbeddedContainer start(ContainerKind kind) throws IOException {
        Path file = Bytes.write(root.resolve("file.bin"), LENGTH);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        RangeConfig config = RangeConfig.builder()
                .staticFiles(RangeConfig.StaticFilesPolicy.DIRECT)
                // No digest in the background, which would read the file.
                .answers(ContentOptions.builder()
                        .etag(EntityTagSource.Policy.METADATA)
                        .build())
                .build();
        WebApp app = new WebApp()
                .filter(FilterEntry.of("ranges", new RangeServletFilter(config), "/*")
                        .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .async())
                .filter(
                        "behind",
                        (request, response, chain) -> {
                            chains.incrementAndGet();
                            chain.doFilter(request, response);
                        },
                        "/*")
                .documentRoot(root);
        return kind.start(app);
    }

    /** What this process has read so far, of files and sockets. */
    private static long bytesRead() throws IOException {
        List<String> lines = Files.readAllLines(COUNTERS);
        return Long.parseLong(lines.get(0).substring("rchar: ".length()));
    }

    /** Until what earlier tests of this process have left, such as a digest in the background, has come to its end. */
    private static void awaitQuiet() throws IOException {
        AtomicLong last = new AtomicLong(bytesRead());
        await().atMost(Duration.ofSeconds(30))
                .pollDelay(QUIET)
                .pollInterval(QUIET)
                .until(() -> {
                    long now = bytesRead();
                    return now - last.getAndSet(now) < LENGTH / 32;
                });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("reads no byte of the file and does not run the application")
    void touchesNothing(ContainerKind kind) throws IOException {
        Assumptions.assumeTrue(Files.isReadable(COUNTERS), "this system has no /proc/self/io");
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            awaitQuiet();
            String tag = client.head("/file.bin").field("ETag").orElseThrow();
            long before = bytesRead();
            assertThat(client.get("/file.bin", "If-None-Match: " + tag).status())
                    .isEqualTo(304);
            assertThat(client.get("/file.bin", "If-Match: \"other\"").status()).isEqualTo(412);
            assertThat(client.get("/file.bin", "Range: bytes=" + LENGTH + "-").status())
                    .isEqualTo(416);
            assertThat(client.head("/file.bin").status()).isEqualTo(200);
            assertThat(bytesRead() - before).isLessThan(LENGTH / 2);
            assertThat(chains).hasValue(0);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("names no tag of a small file that was not read for it, also where it might be coded for others")
    void cold(ContainerKind kind) throws IOException {
        LastingFiles.write(root.resolve("cold.txt"), SMALL);
        RangeConfig config = RangeConfig.builder().compress(CompressPolicy.ON).build();
        try (EmbeddedContainer container =
                        kind.start(FilteredApp.with(config).app().documentRoot(root));
                RawClient client = container.connect()) {
            for (String field : List.of("Range: bytes=" + SMALL + "-", "If-Match: \"other\"")) {
                RawResponse unread = client.get("/cold.txt", field);
                assertThat(unread.status()).isIn(412, 416);
                assertThat(unread.field("ETag")).isEmpty();
                assertThat(unread.field("Vary")).contains("Accept-Encoding");
            }
            // Whether this is satisfiable depends on how long the coded form is.
            assertThat(client.get("/cold.txt", "Range: bytes=" + SMALL + "-", "Accept-Encoding: gzip")
                            .field("ETag"))
                    .isPresent();
            RawResponse read = client.get("/cold.txt");
            assertThat(client.get("/cold.txt", "Range: bytes=" + SMALL + "-").field("ETag"))
                    .isPresent()
                    .isEqualTo(read.field("ETag"));
        }
    }
}
