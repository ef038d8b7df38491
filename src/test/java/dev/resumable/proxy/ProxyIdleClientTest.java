// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ProxyBed.Probe;
import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xnio.Options;

/** Clients that neither take nor send anything any more, and keep their connection open; far below the containers' own limits. */
@DisplayName("a client of a proxy that stands still")
final class ProxyIdleClientTest {

    private static final Duration LIMIT = Duration.ofMillis(1_500);
    /** Far below the limit; several of them are longer. */
    private static final Duration PAUSE = Duration.ofMillis(400);

    private static final int PAUSES = 5;
    private static final int PART = 8 << 20;
    /** Of buffers in the systems of both sides, so that what the one takes is soon felt by the other. */
    private static final int SMALL = 8 << 10;
    /** With the pause less than 64 KiB within the limit. */
    private static final int DRIP = 12 << 10;

    private static final byte[] BLOCK = Bytes.pattern(64 << 10);

    private static final RecordedEvents EVENTS = new RecordedEvents();
    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        // One place for the client, and one for another.
        bed = ProxyBed.start(
                "",
                config -> config.clientIdleTimeout(LIMIT)
                        .maxConnections(2)
                        .maxQueue(0)
                        .events(Optional.of(EVENTS)));
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void forgetEvents() {
        EVENTS.take();
    }

    static Stream<Arguments> paths() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("/app/proxy/", "/app/here/").map(path -> Arguments.of(kind, path)));
    }

    private static void send(Exchange exchange, CountDownLatch ended) {
        try {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
            for (; ; ) {
                exchange.send(BLOCK);
            }
        } catch (IOException e) {
            ended.countDown();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("and takes nothing of an answer loses its connection, the server's is closed, and its place is free")
    void stalledReader(ContainerKind kind, String path) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            if (exchange.request().target().equals("/fast")) {
                exchange.send(ProxyBed.OK);
            } else {
                send(exchange, ended);
            }
        });
        try (RawClient client = RawClient.connectWithReceiveBuffer(bed.on(kind).port(), 4_096);
                RawClient fast = bed.on(kind).connect()) {
            OpenResponse open = client.open(RawRequest.get(path + "slow"));
            assertThat(open.head().status()).isEqualTo(200);
            await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(10)).until(() -> {
                assertThat(fast.get(path + "fast").assertComplete().bodyText()).isEqualTo("ok");
                return ended.getCount() == 0;
            });
            assertNothingLeft(kind);
            assertThat(open.rest().completion()).isEqualTo(Completion.TRUNCATED);
        }
        assertThat(EVENTS.take()).containsExactly("aborted");
        assertPlacesAreFree(kind, path);
    }

    static Stream<Arguments> uploads() {
        return paths().flatMap(row -> Stream.of("Content-Length: 1000", "Transfer-Encoding: chunked")
                .map(framing -> Arguments.of(row.get()[0], row.get()[1], framing)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("uploads")
    @DisplayName("and sends nothing more of its content loses its connection; the server never takes it for whole")
    void stalledSender(ContainerKind kind, String path, String framing) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> arrived.complete(arrivedOn(exchange)));
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path + "x", framing)
                    .withUnframedBody("5\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(arrived.get(10, TimeUnit.SECONDS)).contains("hello").doesNotEndWith("0\r\n\r\n");
            assertNothingLeft(kind);
            RawResponse answer = client.read("POST").assertComplete();
            assertThat(answer.status()).isEqualTo(408);
            client.assertClosedWithin(Duration.ofSeconds(5));
        }
        assertThat(EVENTS.take()).containsExactly("aborted");
        assertPlacesAreFree(kind, path);
    }

    /** All that came up to the end of the connection, however that came. */
    private static String arrivedOn(Exchange exchange) {
        StringBuilder all = new StringBuilder();
        try {
            for (int next = exchange.in().read();
                    next >= 0;
                    next = exchange.in().read()) {
                all.append((char) next);
            }
        } catch (IOException e) {
            // A reset, which is right.
        }
        return all.toString();
    }

    private static void assertNothingLeft(ContainerKind kind) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(bed.proxy(kind).running().exchanges()).isEmpty());
    }

    /** All of them at the same time. */
    private static void assertPlacesAreFree(ContainerKind kind, String path) throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        bed.upstream().script(exchange -> {
            both.countDown();
            both.await();
            exchange.send(ProxyBed.OK);
        });
        try (RawClient one = bed.on(kind).connect();
                RawClient other = bed.on(kind).connect()) {
            for (RawClient client : List.of(one, other)) {
                client.send(RawRequest.get(path + "again"));
            }
            for (RawClient client : List.of(one, other)) {
                assertThat(client.read("GET").assertComplete().bodyText()).isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("for less than the limit each time gets its answer to the end, however long that takes")
    void slowReader(ContainerKind kind, String path) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PART * PAUSES + "\r\n\r\n");
            for (int i = 0; i < PART / BLOCK.length * PAUSES; i++) {
                exchange.send(BLOCK);
            }
        });
        try (RawClient client = RawClient.connectWithReceiveBuffer(bed.on(kind).port(), 64 << 10)) {
            OpenResponse open = client.open(RawRequest.get(path + "x"));
            assertThat(open.restSlowly(PART, PAUSE).assertComplete().bodyLength())
                    .isEqualTo((long) PART * PAUSES);
        }
        assertThat(EVENTS.take()).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("for less than the limit each time gets its content through, and the server may be silent for longer")
    void slowSender(ContainerKind kind, String path) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.read(PAUSES);
            Thread.sleep(LIMIT.toMillis() + PAUSE.toMillis());
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path + "x", "Content-Length: " + PAUSES));
            for (int i = 0; i < PAUSES; i++) {
                Thread.sleep(PAUSE.toMillis());
                client.send(new byte[] {'x'});
            }
            assertThat(client.read("POST").assertComplete().bodyText()).isEqualTo("ok");
        }
        assertThat(EVENTS.take()).isEmpty();
    }

    /** Sends some MiB by itself. */
    private static final class Plain extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            for (int i = 0; i < PART / BLOCK.length; i++) {
                response.getOutputStream().write(BLOCK);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("has the container's own limit again for what comes next on the same connection")
    void ownLimitAgain(ContainerKind kind) throws Exception {
        bed.answer(ProxyBed.OK);
        assertOwnLimitAgain(kind, 200, proxy -> {});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("has the container's own limit also behind a request for which there was no thread")
    void ownLimitWithoutThread(ContainerKind kind) throws Exception {
        assertOwnLimitAgain(kind, 429, proxy -> proxy.running().threads().close());
    }

    private static void assertOwnLimitAgain(ContainerKind kind, int status, Consumer<Probe> before) throws Exception {
        ProxyConfig config = ProxyConfig.builder()
                .target(bed.upstream().url())
                .clientIdleTimeout(PAUSE)
                // Behind the usual 503 Tomcat closes the connection.
                .hooks(ProxyHooks.none().withErrorHandler((request, response, problem) -> response.setStatus(429)))
                .build();
        Probe proxy = new Probe(config);
        WebApp app = new WebApp()
                .servlet(ServletEntry.of("proxy", proxy, "/proxy/*").async().loadOnStartup(1))
                .servlet(ServletEntry.of("plain", new Plain(), "/plain"));
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 4_096)) {
            before.accept(proxy);
            assertThat(client.get("/proxy/x").assertComplete().status()).isEqualTo(status);
            OpenResponse open = client.open(RawRequest.get("/plain"));
            Thread.sleep(LIMIT.toMillis());
            assertThat(open.rest().assertComplete().bodyLength()).isEqualTo(PART);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("is none as long as it takes some KiB within the limit, be it less than the server reads at a time")
    void dripReader(ContainerKind kind) throws Exception {
        byte[] content = Bytes.pattern(160 << 10);
        bed.upstream()
                .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n")
                        .send(content));
        ProxyConfig config = ProxyConfig.builder()
                .target(bed.upstream().url())
                .clientIdleTimeout(LIMIT)
                .build();
        WebApp app = new WebApp()
                .tomcat(tomcat -> tomcat.getConnector().setProperty("socket.txBufSize", "" + SMALL))
                .jetty(jetty -> ((ServerConnector) jetty.getConnectors()[0]).setAcceptedSendBufferSize(SMALL))
                .undertow(builder -> builder.setSocketOption(Options.SEND_BUFFER, SMALL))
                .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*")
                        .async());
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), SMALL)) {
            OpenResponse open = client.open(RawRequest.get("/proxy/x"));
            assertThat(open.restSlowly(DRIP, PAUSE).assertComplete().body()).isEqualTo(content);
        }
    }
}
