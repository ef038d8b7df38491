// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.robust.FailingApplication.Failure;
import dev.resumable.filter.robust.FailingApplication.Way;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.InParallel;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Thousands of exchanges that fail, are left or are raced leave nothing behind; nobody gets anything of another's. */
@DisplayName("after thousands of failures")
final class LeakTest {

    private static final int EXCHANGES = System.getProperty("resumable.heavy") == null ? 2_000 : 10_000;
    private static final int RACES = 1_000;
    private static final int FEW = 10;
    private static final int RACES_AT_ONCE = 200;
    private static final int RACE_LENGTH = 180_000;

    /** Hundreds wait for one another on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** More than the patience of the clients: no container may end what would hang. */
    private static final Duration LIMIT_OF_THE_CONTAINER = Duration.ofMinutes(5);

    /** All that may be spooled together: just one answer of this length, so that a byte not given back is seen. */
    private static final int ALL_SPOOLS = 40_000_000;

    @TempDir
    private Path spools;

    private final AtomicInteger attributesSeen = new AtomicInteger();

    private EmbeddedContainer start(ContainerKind kind) {
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(16 << 10)
                .spoolTotalSize(ALL_SPOOLS)
                .build();
        return kind.start(FilteredApp.with(config)
                .servlet("/fail", FailingApplication::service)
                .servlet("/race", LeakTest::writeUntilItFails)
                .servlet("/all", (request, response) -> write(response, ALL_SPOOLS))
                .servlet("/large", (request, response) -> write(response, 1_000_000))
                .servlet("/more", (request, response) -> write(response, ALL_SPOOLS + 1))
                .servlet("/canary", LeakTest::sing)
                .servlet("/attributes", (request, response) -> {
                    // The filter does not act on POST: whatever is there is left over from an exchange before.
                    request.getAttributeNames().asIterator().forEachRemaining(name -> {
                        if (name.startsWith("dev.resumable")) {
                            attributesSeen.incrementAndGet();
                        }
                    });
                })
                .app()
                .idleTimeout(LIMIT_OF_THE_CONTAINER));
    }

    private static void write(HttpServletResponse response, int length) throws IOException {
        try (var in = Bytes.stream(0, length)) {
            in.transferTo(response.getOutputStream());
        }
    }

    /** Writes on and on in a thread of its own, until the timeout of the container ends the exchange. */
    private static void writeUntilItFails(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(50);
        Thread writer = new Thread(() -> {
            try {
                var out = async.getResponse().getOutputStream();
                for (int i = 0; i < RACE_LENGTH; i += 300) {
                    out.write(Bytes.slice(i, 300));
                    Thread.sleep(1);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                // As it is meant to end.
            } finally {
                completeQuietly(async);
            }
        });
        writer.setDaemon(true);
        writer.start();
    }

    private static void completeQuietly(AsyncContext async) {
        try {
            async.complete();
        } catch (RuntimeException e) {
            // The container was first.
        }
    }

    /** Answers with nothing but the canary of the request, in one of several ways. */
    private static void sing(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String canary = request.getParameter("canary");
        byte[] body = canary.repeat(4_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        switch (canary.hashCode() & 3) {
            case 0 -> response.setContentLength(body.length);
            case 1 -> response.setHeader("ETag", '"' + canary + '"');
            case 2 -> response.setHeader("Cache-Control", "no-store");
            default -> {
                AsyncContext async = request.startAsync();
                new Thread(() -> {
                            try {
                                async.getResponse().getOutputStream().write(body);
                            } catch (IOException e) {
                                // Seen by the client.
                            }
                            completeQuietly(async);
                        })
                        .start();
                return;
            }
        }
        response.getOutputStream().write(body);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("no thread, descriptor, file, byte or attribute is left")
    void nothingLeft(ContainerKind kind) throws Exception {
        Spools.requireCountable();
        Set<Thread> earlier = Thread.getAllStackTraces().keySet();
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            // More at once than later: the pools of the container have grown by then.
            failOften(container, 40, EXCHANGES / 4);
            assertNothingHeld(container);
            int descriptors = Spools.descriptors();
            long threads = threadsBut(earlier);
            failOften(container, 8, EXCHANGES);
            assertNothingHeld(container);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                // Pools of containers breathe; what an exchange leaves behind would be there thousands of times.
                assertThat(Spools.descriptors()).as("descriptors").isLessThan(descriptors + FEW);
                assertThat(threadsBut(earlier)).as("threads").isLessThan(threads + FEW);
            });
            assertThat(attributesSeen).as("attributes").hasValue(0);
        }
    }

    /** Those of this test; what earlier ones have left comes to its end at any time. */
    private static long threadsBut(Set<Thread> earlier) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !earlier.contains(thread))
                .count();
    }

    private static void failOften(EmbeddedContainer container, int atOnce, int times) throws Exception {
        Way[] ways = {Way.PLAIN, Way.LENGTH_DECLARED, Way.TAGGED, Way.DISPATCHED, Way.LISTENER};
        InParallel.run(atOnce, times, i -> {
            String query =
                    FailingApplication.query(ways[i % ways.length], Failure.values()[i % 4], i * 7_919 % 150_000);
            try (RawClient client = container.connect()) {
                switch (i % 4) {
                    case 0 -> client.send(RawRequest.get("/fail" + query)).reset();
                    case 1 -> client.open(RawRequest.get("/large")).readBody(1_000);
                    default -> Outcome.of(client, RawRequest.get("/fail" + query));
                }
            }
            try (RawClient client = container.connect()) {
                Outcome.of(client, RawRequest.get("/fail" + query));
                Outcome.of(client, RawRequest.of("POST", "/attributes", "Content-Length: 0"));
            }
            return i;
        });
    }

    /** Not a byte is reserved any more, and none was given back twice. */
    private void assertNothingHeld(EmbeddedContainer container) throws IOException {
        Spools.assertNoneLeft(spools);
        RawResponse fits = container.get("/all", "Range: bytes=0-9").assertComplete();
        assertThat(fits.status()).as("reserved bytes left").isEqualTo(206);
        RawResponse tooLong = container.get("/more", "Range: bytes=0-9").assertComplete();
        assertThat(tooLong.status()).as("bytes given back twice").isEqualTo(200);
    }

    private static Outcome race(EmbeddedContainer container, int number) throws IOException {
        try (RawClient client = container.connect().timeout(PATIENCE)) {
            return Outcome.of(client, RawRequest.get("/race?" + number));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of timeouts in the middle of a write, nothing is left and nothing looks complete")
    void timeoutsWhileWriting(ContainerKind kind) throws Exception {
        Spools.requireCountable();
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            List<Outcome> outcomes = InParallel.run(RACES_AT_ONCE, RACES, i -> race(container, i));
            for (Outcome outcome : outcomes) {
                assertThat(outcome.silent()).isFalse();
                outcome.complete().filter(got -> got.status() < 500).ifPresent(got -> {
                    assertThat(got.status()).isEqualTo(200);
                    assertThat(got.sha256()).as("%s", got).isEqualTo(Bytes.sha256(0, RACE_LENGTH));
                });
            }
            assertNothingHeld(container);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("and among a hundred clients at once each gets its own answer alone")
    void canaries(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            InParallel.run(100, 1_000, i -> {
                String canary = String.format("canary-%06d-", i);
                RawResponse got = container.get("/canary?canary=" + canary).assertComplete();
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.bodyText()).isEqualTo(canary.repeat(4_000));
                RawResponse part = container
                        .get("/canary?canary=" + canary, "Range: bytes=14-27")
                        .assertComplete();
                assertThat(part.bodyText()).isEqualTo(part.status() == 206 ? canary : canary.repeat(4_000));
                return i;
            });
        }
    }
}
