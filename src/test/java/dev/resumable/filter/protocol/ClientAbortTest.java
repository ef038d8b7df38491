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
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P46, P61: clients that vanish in the middle. */
@DisplayName("a client that resets the connection")
final class ClientAbortTest {

    private static final long LENGTH = 24L << 20;
    private static final int READ = 200_000;

    /**
     * A second, and more for a busy machine; one that is not told waits until the connection is idle for too long, which takes
     * longer.
     */
    private static final Duration NOTICED = Duration.ofSeconds(15);

    @TempDir
    private Path spools;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final RecordedEvents events = new RecordedEvents();

    /** Writes from a source that must be closed when the client has gone. */
    private void copy(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (String.valueOf(request.getQueryString()).contains("no-store")) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (String.valueOf(request.getQueryString()).contains("tag")) {
            response.setHeader("ETag", "\"own\"");
            response.setContentLengthLong(LENGTH);
        }
        open.incrementAndGet();
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(response.getOutputStream());
        } finally {
            open.decrementAndGet();
        }
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.with(RangeConfig.builder()
                        .spoolDirectory(Optional.of(spools))
                        .events(Optional.of(events))
                        .build())
                .servlet("/copy", this::copy)
                .servlet("/async", (request, response) -> Async.run(request, later -> copy(request, later)))
                .servlet("/push", (request, response) -> Pushed.send(request, LENGTH, failures))
                .servlet("/push-untouched", (request, response) -> {
                    response.setContentType("text/event-stream");
                    Pushed.send(request, LENGTH, failures);
                })
                .servlet("/swallowed", (request, response) -> {
                    try {
                        copy(request, response);
                    } catch (IOException e) {
                        // Many applications do so; it must not make noise either.
                        failures.incrementAndGet();
                    }
                })
                .app());
    }

    private static void vanish(EmbeddedContainer container, String path) throws IOException {
        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
            OpenResponse begun = client.open(RawRequest.get(path));
            assertThat(begun.head().status()).isEqualTo(200);
            begun.readBody(READ);
            client.reset();
        }
    }

    @ParameterizedTest(name = "P46 {0}")
    @ContainerSource
    @DisplayName("P46 is noticed by a source that streams, within a second")
    void sourceClosed(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/copy?no-store", "/copy?tag", "/async?no-store", "/async?tag"}) {
                vanish(container, path);
                await().atMost(NOTICED).untilAsserted(() -> assertThat(open).hasValue(0));
            }
        }
    }

    @ParameterizedTest(name = "P46 {0}")
    @ContainerSource
    @DisplayName("P46 is not worth a warning in the log")
    void noNoise(ContainerKind kind) throws IOException {
        Set<Thread> earlier = Thread.getAllStackTraces().keySet();
        try (EmbeddedContainer container = start(kind);
                Records records = Records.butOf(earlier)) {
            for (String path : new String[] {
                "/copy?no-store",
                "/copy?tag",
                "/copy?spooled",
                "/swallowed?no-store",
                "/swallowed?tag",
                "/async?no-store",
                "/async?tag",
                "/async?spooled"
            }) {
                vanish(container, path);
                await().atMost(NOTICED).untilAsserted(() -> assertThat(open).hasValue(0));
            }
            // The last exchange has left the application; what the container says of it follows at once.
            RawResponse next = container.get("/copy?tag", "Range: bytes=0-0").assertComplete();
            assertThat(next.status()).isEqualTo(206);
            assertThat(records.seen()).isEmpty();
        }
    }

    @ParameterizedTest(name = "P61 {0}")
    @ContainerSource
    @DisplayName("P61 leaves no spool and no descriptor behind, however the body was written")
    void nothingLeft(ContainerKind kind) throws IOException {
        SpoolFiles.requireCountable();
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/copy?spooled", "/async?spooled", "/push", "/push-untouched"}) {
                for (int i = 0; i < 3; i++) {
                    vanish(container, path);
                }
                await().atMost(NOTICED).untilAsserted(() -> {
                    assertThat(SpoolFiles.open(spools)).as(path).isZero();
                    assertThat(events.told())
                            .as(path)
                            .filteredOn("aborted"::equals)
                            .hasSizeBetween(isToldOf(kind, path) ? 3 : 0, 3);
                });
                assertThat(events.take()).as(path).doesNotContain("failed");
            }
            RawResponse next = container.get("/push", "Range: bytes=5-9").assertComplete();
            assertThat(next.status()).isEqualTo(206);
        }
    }

    /**
     * One container tells no write listener of a reset, with or without a filter: the exchange ends by its timeout, unless
     * the listener was just writing.
     */
    private static boolean isToldOf(ContainerKind kind, String path) {
        return kind != ContainerKind.UNDERTOW || !path.equals("/push-untouched");
    }

    /** The warnings and worse that are logged while it is open. */
    private static final class Records extends Handler implements AutoCloseable {

        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final Logger root = Logger.getLogger("");
        private final Set<Thread> strangers;

        private Records(Set<Thread> strangers) {
            this.strangers = strangers;
        }

        /** But for those of threads that earlier tests have left; the timer that all applications share is none. */
        static Records butOf(Set<Thread> earlier) {
            Set<Thread> strangers = new HashSet<>(earlier);
            strangers.removeIf(thread -> thread.getName().equals("resumable-stalls"));
            Records records = new Records(strangers);
            records.setLevel(Level.WARNING);
            records.root.addHandler(records);
            return records;
        }

        List<String> seen() {
            return seen;
        }

        @Override
        public void publish(LogRecord entry) {
            if (isLoggable(entry) && !strangers.contains(Thread.currentThread())) {
                seen.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
            }
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            root.removeHandler(this);
        }
    }
}
