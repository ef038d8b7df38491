// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ProxyBed.Probe;
import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.testing.AtOnce;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.xnio.Options;

/** Clients that neither take nor send anything any more, and keep their connection open; far below the containers' own limits. */
@DisplayName("a client of a proxy that stands still")
final class ProxyIdleClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(4);
    /** Far below the limit; several of them are longer. */
    private static final Duration PAUSE = Duration.ofMillis(800);

    private static final int PAUSES = 6;
    private static final int PART = 8 << 20;
    /** Of buffers in the systems of both sides, so that what the one takes is soon felt by the other. */
    private static final int SMALL = 8 << 10;
    /** With the pause less than 64 KiB within the limit. */
    private static final int DRIP = 10 << 10;

    private static final byte[] BLOCK = Bytes.pattern(64 << 10);
    private static final String ALONE = "HTTP/1.1 500 Alone\r\nContent-Length: 0\r\n\r\n";

    /** A proxy with its server, for one row alone: all rows of a test run at the same time. */
    private record Row(ContainerKind kind, String path, String framing, RecordedEvents events, ProxyBed bed) {

        static Row start(ContainerKind kind, String path, String framing) {
            RecordedEvents events = new RecordedEvents();
            // One place for the client, and one for another.
            ProxyBed bed = ProxyBed.start(
                    kind,
                    config -> config.clientIdleTimeout(LIMIT)
                            .maxConnections(2)
                            .maxQueue(0)
                            .events(Optional.of(events)));
            return new Row(kind, path, framing, events, bed);
        }

        RawResponse get(String name) throws IOException {
            return bed.get(kind, path + name).assertComplete();
        }

        RawClient connect() throws IOException {
            return bed.on(kind).connect();
        }

        RawClient connect(int receiveBuffer) throws IOException {
            return RawClient.connectWithReceiveBuffer(bed.on(kind).port(), receiveBuffer);
        }

        @Override
        public String toString() {
            return kind + " " + path + " " + framing;
        }
    }

    private static void onAllPaths(AtOnce.Check<Row> check) throws InterruptedException {
        onAllPaths(List.of(""), check);
    }

    private static void onAllPaths(List<String> framings, AtOnce.Check<Row> check) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                for (String path : List.of("/app/proxy/", "/app/here/")) {
                    for (String framing : framings) {
                        rows.add(Row.start(kind, path, framing));
                    }
                }
            }
            AtOnce.run(rows, check);
        } finally {
            rows.forEach(row -> row.bed().close());
        }
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

    @Test
    @DisplayName("and takes nothing of an answer loses its connection, the server's is closed, and its place is free")
    void stalledReader() throws Exception {
        onAllPaths(ProxyIdleClientTest::assertStalledReaderIsLost);
    }

    private static void assertStalledReaderIsLost(Row row) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        row.bed().upstream().script(exchange -> {
            if (exchange.request().target().equals("/fast")) {
                exchange.send(ProxyBed.OK);
            } else {
                send(exchange, ended);
            }
        });
        try (RawClient client = row.connect(4_096)) {
            OpenResponse open = client.open(RawRequest.get(row.path() + "slow"));
            assertThat(open.head().status()).isEqualTo(200);
            assertThat(row.get("fast").bodyText()).isEqualTo("ok");
            await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(30)).until(() -> {
                // The place of the one before may be given back a moment after its answer has come.
                await().until(() -> row.get("fast").bodyText().equals("ok"));
                return ended.getCount() == 0;
            });
            assertNothingLeft(row);
            assertThat(open.rest().completion()).isEqualTo(Completion.TRUNCATED);
        }
        assertThat(row.events().take()).containsExactly("aborted");
        assertPlacesAreFree(row);
    }

    @Test
    @DisplayName("and sends nothing more of its content loses its connection; the server never takes it for whole")
    void stalledSender() throws Exception {
        onAllPaths(
                List.of("Content-Length: 1000", "Transfer-Encoding: chunked"),
                ProxyIdleClientTest::assertStalledSenderIsLost);
    }

    private static void assertStalledSenderIsLost(Row row) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        row.bed().upstream().script(exchange -> arrived.complete(arrivedOn(exchange)));
        try (RawClient client = row.connect()) {
            client.send(RawRequest.of("POST", row.path() + "x", row.framing())
                    .withUnframedBody("5\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(arrived.get(30, TimeUnit.SECONDS)).contains("hello").doesNotEndWith("0\r\n\r\n");
            assertNothingLeft(row);
            RawResponse answer = client.read("POST").assertComplete();
            assertThat(answer.status()).isEqualTo(408);
            client.assertClosedWithin(Duration.ofSeconds(15));
        }
        assertThat(row.events().take()).containsExactly("aborted");
        assertPlacesAreFree(row);
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

    private static void assertNothingLeft(Row row) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(row.bed().proxy(row.kind()).running().exchanges())
                                .isEmpty());
    }

    /** All of them at the same time, though one may be given back a moment after its answer has come. */
    private static void assertPlacesAreFree(Row row) {
        await().atMost(Duration.ofSeconds(30)).until(() -> areBothServedTogether(row));
    }

    private static boolean areBothServedTogether(Row row) throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        row.bed().upstream().script(exchange -> {
            both.countDown();
            exchange.send(both.await(2, TimeUnit.SECONDS) ? ProxyBed.OK : ALONE);
        });
        try (RawClient one = row.connect();
                RawClient other = row.connect()) {
            for (RawClient client : List.of(one, other)) {
                client.send(RawRequest.get(row.path() + "again"));
            }
            int served = 0;
            for (RawClient client : List.of(one, other)) {
                served += client.read("GET").assertComplete().status() == 200 ? 1 : 0;
            }
            return served == 2;
        }
    }

    @Test
    @DisplayName("for less than the limit each time gets its answer to the end, however long that takes")
    void slowReader() throws Exception {
        onAllPaths(ProxyIdleClientTest::assertSlowReaderIsServed);
    }

    private static void assertSlowReaderIsServed(Row row) throws Exception {
        row.bed().upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) PART * PAUSES + "\r\n\r\n");
            for (int i = 0; i < PART / BLOCK.length * PAUSES; i++) {
                exchange.send(BLOCK);
            }
        });
        try (RawClient client = row.connect(64 << 10)) {
            OpenResponse open = client.open(RawRequest.get(row.path() + "x"));
            for (int i = 0; i < PAUSES; i++) {
                Thread.sleep(PAUSE.toMillis());
                for (int taken = 0; taken < PART; taken += BLOCK.length) {
                    open.takeBody(BLOCK.length);
                }
            }
            assertThat(open.digestRest().assertComplete().bodyLength()).isEqualTo((long) PART * PAUSES);
        }
        assertThat(row.events().take()).isEmpty();
    }

    @Test
    @DisplayName("for less than the limit each time gets its content through, and the server may be silent for longer")
    void slowSender() throws Exception {
        onAllPaths(ProxyIdleClientTest::assertSlowSenderIsServed);
    }

    private static void assertSlowSenderIsServed(Row row) throws Exception {
        row.bed().upstream().script(exchange -> {
            exchange.read(PAUSES);
            Thread.sleep(LIMIT.toMillis() + PAUSE.toMillis());
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = row.connect().timeout(Duration.ofSeconds(30))) {
            client.send(RawRequest.of("POST", row.path() + "x", "Content-Length: " + PAUSES));
            for (int i = 0; i < PAUSES; i++) {
                Thread.sleep(PAUSE.toMillis());
                client.send(new byte[] {'x'});
            }
            assertThat(client.read("POST").assertComplete().bodyText()).isEqualTo("ok");
        }
        assertThat(row.events().take()).isEmpty();
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

    @Test
    @DisplayName("has the container's own limit again for what comes next on the same connection")
    void ownLimitAgain() throws Exception {
        assertOwnLimitAgain(200, proxy -> {});
    }

    @Test
    @DisplayName("has the container's own limit also behind a request for which there was no thread")
    void ownLimitWithoutThread() throws Exception {
        assertOwnLimitAgain(429, proxy -> proxy.running().threads().close());
    }

    private static void assertOwnLimitAgain(int status, Consumer<Probe> started) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK))) {
            ProxyConfig config = ProxyConfig.builder()
                    .target(upstream.url())
                    .clientIdleTimeout(PAUSE)
                    // Behind the usual 503 Tomcat closes the connection.
                    .hooks(ProxyHooks.none().withErrorHandler((request, response, problem) -> response.setStatus(429)))
                    .build();
            AtOnce.onContainers(
                    kind -> {
                        Probe proxy = new Probe(config);
                        EmbeddedContainer container = kind.start(new WebApp()
                                .servlet(ServletEntry.of("proxy", proxy, "/proxy/*")
                                        .async()
                                        .loadOnStartup(1))
                                .servlet(ServletEntry.of("plain", new Plain(), "/plain")));
                        started.accept(proxy);
                        return container;
                    },
                    container -> assertOwnLimitAgain(container, status));
        }
    }

    private static void assertOwnLimitAgain(EmbeddedContainer container, int status) throws Exception {
        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 4_096)) {
            assertThat(client.get("/proxy/x").assertComplete().status()).isEqualTo(status);
            OpenResponse open = client.open(RawRequest.get("/plain"));
            Thread.sleep(3 * PAUSE.toMillis());
            assertThat(open.rest().assertComplete().bodyLength()).isEqualTo(PART);
        }
    }

    @Test
    @DisplayName("is none as long as it takes some KiB within the limit, be it less than the server reads at a time")
    void dripReader() throws Exception {
        byte[] content = Bytes.pattern(160 << 10);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n")
                        .send(content))) {
            ProxyConfig config = ProxyConfig.builder()
                    .target(upstream.url())
                    .clientIdleTimeout(LIMIT)
                    .build();
            AtOnce.onContainers(
                    kind -> kind.start(new WebApp()
                            .tomcat(tomcat -> tomcat.getConnector().setProperty("socket.txBufSize", "" + SMALL))
                            .jetty(jetty ->
                                    ((ServerConnector) jetty.getConnectors()[0]).setAcceptedSendBufferSize(SMALL))
                            .undertow(builder -> builder.setSocketOption(Options.SEND_BUFFER, SMALL))
                            .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*")
                                    .async())),
                    container -> {
                        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), SMALL)) {
                            OpenResponse open = client.open(RawRequest.get("/proxy/x"));
                            assertThat(open.restSlowly(DRIP, PAUSE)
                                            .assertComplete()
                                            .body())
                                    .isEqualTo(content);
                        }
                    });
        }
    }
}
