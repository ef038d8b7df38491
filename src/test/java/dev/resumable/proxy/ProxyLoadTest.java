// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Many clients at once, slow ones and such that leave. */
@DisplayName("a proxy with many clients")
final class ProxyLoadTest {

    private static final int SLOW = 210;
    private static final int LEAVING = 1_000;
    private static final byte[] BLOCK = new byte[64 * 1024];

    private static final AtomicLong SENT = new AtomicLong();

    /** Until nobody takes anything any more: the count has stood still for ten looks, a second in all. */
    private static void awaitStandstill() {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong looks = new AtomicLong();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            long sent = SENT.get();
            return (last.getAndSet(sent) == sent ? looks.incrementAndGet() : looks.getAndSet(0)) >= 10;
        });
    }

    private static void sendEndlessly(ScriptedUpstream.Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
        for (; ; ) {
            exchange.send(BLOCK);
            SENT.addAndGet(BLOCK.length);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that are slow still serves others at once: they hold none of the container's threads")
    void slowClients(ContainerKind kind) throws Exception {
        try (ProxyBed bed = ProxyBed.start("", config -> config)) {
            bed.upstream().script(exchange -> {
                if (exchange.request().target().equals("/slow")) {
                    sendEndlessly(exchange);
                } else {
                    exchange.send(ProxyBed.OK);
                }
            });
            List<RawClient> slow = new ArrayList<>();
            try {
                for (int i = 0; i < SLOW; i++) {
                    RawClient client =
                            RawClient.connectWithReceiveBuffer(bed.on(kind).port(), 4_096);
                    slow.add(client.send(RawRequest.get("/app/proxy/slow")));
                }
                for (RawClient client : slow) {
                    assertThat(client.begin("GET").head().status()).isEqualTo(200);
                }
                awaitStandstill();
                // More than any container has threads for by default; the time is far above a busy machine's noise.
                try (RawClient fast = bed.on(kind).connect().timeout(Duration.ofSeconds(30))) {
                    for (int i = 0; i < 20; i++) {
                        assertThat(fast.get("/app/proxy/fast").assertComplete().bodyText())
                                .isEqualTo("ok");
                    }
                }
            } finally {
                for (RawClient client : slow) {
                    client.reset();
                }
            }
            assertNothingLeft(bed, kind);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that leave keeps no connection, no thread and no file of theirs")
    void leavingClients(ContainerKind kind) throws Exception {
        Set<String> before = openTemporaryFiles();
        try (ProxyBed bed = ProxyBed.start("", config -> config)) {
            bed.upstream().script(ProxyLoadTest::sendEndlessly);
            for (int i = 0; i < LEAVING; i++) {
                try (RawClient client = bed.on(kind).connect()) {
                    OpenResponse open = client.open(RawRequest.get("/app/proxy/x"));
                    open.readBody(1_000);
                    client.reset();
                }
            }
            assertNothingLeft(bed, kind);
        }
        assertThat(openTemporaryFiles()).isSubsetOf(before);
    }

    /** Those of this process, also without a name; known on Linux alone. */
    private static Set<String> openTemporaryFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        Set<String> files = new TreeSet<>();
        try (Stream<Path> all = Files.isDirectory(descriptors) ? Files.list(descriptors) : Stream.empty()) {
            for (Path descriptor : all.filter(Files::isSymbolicLink).toList()) {
                try {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // Closed meanwhile, as that of this listing.
                }
            }
        }
        files.removeIf(file -> !file.startsWith(System.getProperty("java.io.tmpdir")));
        return files;
    }

    private static void assertNothingLeft(ProxyBed bed, ContainerKind kind) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(bed.proxy(kind).running().exchanges()).isEmpty();
            assertThat(bed.proxy(kind).openConnections()).isLessThanOrEqualTo(1);
            assertThat(bed.upstream().openConnections()).isLessThanOrEqualTo(1);
            assertThat(busyThreads()).isZero();
        });
    }

    /** Threads of proxies that do something; idle ones wait for work a little longer. */
    private static long busyThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().matches("resumable-proxy-\\d+"))
                .filter(thread -> List.of(thread.getValue()).stream()
                        .anyMatch(frame -> frame.getClassName().startsWith("dev.resumable.proxy.")))
                .count();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("than it may have at once lets some wait and refuses the others with 503")
    void overload(ContainerKind kind) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        // Who waits does so until the others are done, however long that takes.
        try (ProxyBed bed = ProxyBed.start(
                kind, config -> config.maxConnections(2).maxQueue(1).leaseTimeout(Duration.ofMinutes(1)))) {
            try (RawClient first = bed.on(kind).connect();
                    RawClient second = bed.on(kind).connect();
                    RawClient third = bed.on(kind).connect()) {
                takeAll(bed, go, first, second);

                third.send(RawRequest.get("/app/proxy/3"));
                await().untilAsserted(() ->
                        assertThat(bed.proxy(kind).running().exchanges()).hasSize(3));
                assertRefused(bed.get(kind, "/app/proxy/4"));

                go.countDown();
                for (RawClient client : List.of(first, second, third)) {
                    assertThat(client.read("GET").assertComplete().status()).isEqualTo(200);
                }
                // Their places may be given back a moment after their answers have come.
                await().until(() ->
                        bed.get(kind, "/app/proxy/5").assertComplete().status() == 200);
            }
            assertThat(bed.upstream().requests())
                    .extracting(ScriptedUpstream.Seen::target)
                    .containsExactlyInAnyOrder("/1", "/2", "/3", "/5");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("than it may have at once lets none wait for longer than its lease timeout")
    void leaseTimeout(ContainerKind kind) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ProxyBed bed = ProxyBed.start(
                kind, config -> config.maxConnections(2).maxQueue(1).leaseTimeout(Duration.ofMillis(300)))) {
            try (RawClient first = bed.on(kind).connect();
                    RawClient second = bed.on(kind).connect()) {
                takeAll(bed, go, first, second);

                assertRefused(bed.get(kind, "/app/proxy/3"));

                go.countDown();
                for (RawClient client : List.of(first, second)) {
                    assertThat(client.read("GET").assertComplete().status()).isEqualTo(200);
                }
            }
            assertThat(bed.upstream().requests()).hasSize(2);
        }
    }

    /** Both connections that there are, until the server may answer. */
    private static void takeAll(ProxyBed bed, CountDownLatch go, RawClient first, RawClient second) throws IOException {
        bed.upstream().script(exchange -> {
            go.await();
            exchange.send(ProxyBed.OK);
        });
        first.send(RawRequest.get("/app/proxy/1"));
        second.send(RawRequest.get("/app/proxy/2"));
        await().untilAsserted(() -> assertThat(bed.upstream().requests()).hasSize(2));
    }

    private static void assertRefused(RawResponse got) {
        assertThat(got.assertComplete().status()).isEqualTo(503);
        assertThat(got.field("Retry-After")).contains("5");
        assertThat(got.field("Content-Type")).contains("application/problem+json");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("breaks their answers when it stops")
    void stops(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        ProxyBed bed = ProxyBed.start("", config -> config);
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            exchange.awaitEnd();
            ended.countDown();
        });
        try (RawClient client = bed.on(kind).connect()) {
            OpenResponse open = client.open(RawRequest.get("/app/proxy/x"));
            open.readBody(5);
            bed.proxy(kind).destroy();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(open.rest().completion()).isEqualTo(Completion.TRUNCATED);
        } finally {
            bed.close();
        }
    }
}
