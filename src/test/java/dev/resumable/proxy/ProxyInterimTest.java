// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawHead;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Interim responses other than 100, where the container can send them: not on Undertow, and others than 103 on Jetty alone. */
@DisplayName("an interim response through a proxy")
final class ProxyInterimTest {

    private static final String HINTS =
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\nX-Both: hint\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n";
    private static final String FINAL =
            "HTTP/1.1 200 OK\r\nX-Both: final\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

    private static final Map<ContainerKind, EmbeddedContainer> CONTAINERS = new EnumMap<>(ContainerKind.class);
    private static final RecordedEvents EVENTS = new RecordedEvents();
    private static ScriptedUpstream upstream;

    private static final String[] PLAIN = {"/plain/*", "/described/*", "/sized/*"};

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(FINAL));
        ProxyConfig config = ProxyConfig.builder()
                .target(upstream.url())
                .events(Optional.of(EVENTS))
                .responseFields(List.of(FieldRule.parse("-Server").orElseThrow()))
                .build();
        ProxyConfig plain = ProxyConfig.builder().target(upstream.url()).build();
        for (ContainerKind kind : ContainerKind.running()) {
            CONTAINERS.put(
                    kind,
                    kind.start(new WebApp()
                            .filter(FilterEntry.of("front", FiltersInFront.OWN_FIELDS, "/front/*")
                                    .async())
                            .filter(FilterEntry.of("described", FiltersInFront.DESCRIBED, "/described/*")
                                    .async())
                            .filter(FilterEntry.of("sized", FiltersInFront.SIZED, "/sized/*")
                                    .async())
                            .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*", "/front/*")
                                    .async())
                            .servlet(ServletEntry.of("plain", new ProxyServlet(plain), PLAIN)
                                    .async())
                            .servlet(ServletEntry.of("here", new ProxyServlet(config), "/here/*"))));
        }
    }

    @AfterAll
    static void stop() {
        CONTAINERS.values().forEach(EmbeddedContainer::close);
        upstream.close();
    }

    static Stream<Arguments> paths() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("/proxy/x", "/here/x").map(path -> Arguments.of(kind, path)));
    }

    private static boolean canHint(ContainerKind kind) {
        return kind != ContainerKind.UNDERTOW;
    }

    private static RawResponse exchange(ContainerKind kind, RawRequest request) throws IOException {
        return RawClient.once(CONTAINERS.get(kind).port(), request).assertComplete();
    }

    private static void assertHints(RawResponse got, String... links) {
        assertThat(got.interim()).hasSize(1);
        RawHead hints = got.interim().get(0);
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.fields("Link")).containsExactly(links);
        assertThat(hints.field("X-Both")).contains("hint");
        assertThat(hints.field("X-Hop")).isEmpty();
        assertThat(hints.field("Connection")).isEmpty();
        assertThat(hints.field("Content-Length")).isEmpty();
    }

    private static void assertUntouched(RawResponse got) {
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("X-Both")).contains("final");
        assertThat(got.field("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName(
            "with 103 comes before the final one, with its end-to-end fields, and leaves nothing behind (RFC 8297)")
    void hints(ContainerKind kind, String path) throws IOException {
        upstream.script(exchange -> exchange.send(HINTS + FINAL));

        RawResponse got = exchange(kind, RawRequest.get(path));

        if (canHint(kind)) {
            assertHints(got, "</a>", "</b>");
        } else {
            assertThat(got.interim()).isEmpty();
        }
        assertUntouched(got);
        assertThat(got.fields("Link")).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("promptPaths")
    @DisplayName("shows that the client has left, which is no failure of the server, on Jetty")
    void clientHasLeft(ContainerKind kind, String path) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        upstream.script(exchange -> {
            arrived.countDown();
            left.await();
            exchange.send(HINTS);
            ended.complete(exchange.awaitEnd());
        });
        EVENTS.take();
        try (RawClient client = CONTAINERS.get(kind).connect()) {
            client.send(RawRequest.get(path));
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
            client.reset();
        } finally {
            left.countDown();
        }
        assertThat(ended).succeedsWithin(Duration.ofSeconds(30));
        await().until(() -> EVENTS.told().contains("aborted"));
    }

    /** Tomcat keeps it in the buffer of the connection until something else is sent. */
    static Stream<Arguments> promptPaths() {
        return paths().filter(row -> ((ContainerKind) row.get()[0]).isJetty());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("promptPaths")
    @DisplayName("comes as soon as the server has sent it, on Jetty")
    void prompt(ContainerKind kind, String path) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        upstream.script(exchange -> {
            exchange.send(HINTS);
            go.await();
            exchange.send(FINAL);
        });
        try (Socket client = new Socket(
                InetAddress.getLoopbackAddress(), CONTAINERS.get(kind).port())) {
            client.setSoTimeout(30_000);
            client.getOutputStream().write(RawRequest.get(path).toBytes("a"));
            byte[] first = client.getInputStream().readNBytes(12);
            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 103");
        } finally {
            go.countDown();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("of any status comes where the container can send it; several come in order (RFC 9110 §15.2)")
    void several(ContainerKind kind, String path) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + HINTS
                + "HTTP/1.1 199 Odd\r\nX-Odd: 1\r\n\r\n" + FINAL));

        RawResponse got = exchange(kind, RawRequest.get(path));

        assertThat(got.interim())
                .extracting(RawHead::status)
                .isEqualTo(kind.isJetty() ? List.of(102, 103, 199) : canHint(kind) ? List.of(103) : List.of());
        if (kind.isJetty()) {
            assertThat(got.interim().get(2).field("X-Odd")).contains("1");
        }
        assertUntouched(got);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("is never sent to a client of HTTP/1.0 (RFC 9110 §15.2)")
    void http10(ContainerKind kind, String path) throws IOException {
        upstream.script(exchange -> exchange.send(HINTS + FINAL));

        RawResponse got = exchange(kind, RawRequest.get(path).http10());

        assertThat(got.interim()).isEmpty();
        assertUntouched(got);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("that the server sends while it still reads comes too")
    void whileSending(ContainerKind kind, String path) throws Exception {
        CountDownLatch hinted = new CountDownLatch(1);
        upstream.script(exchange -> {
            exchange.read(5);
            exchange.send(HINTS);
            hinted.countDown();
            exchange.read(5);
            exchange.send(FINAL);
        });
        try (RawClient client = CONTAINERS.get(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Content-Length: 10")
                    .withUnframedBody("hello".getBytes(StandardCharsets.US_ASCII)));
            assertThat(hinted.await(30, TimeUnit.SECONDS)).isTrue();
            client.send("world".getBytes(StandardCharsets.US_ASCII));

            RawResponse got = client.read("POST").assertComplete();

            assertThat(got.interim()).hasSize(canHint(kind) ? 1 : 0);
            assertUntouched(got);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("leaves the fields of a filter in front as they are, which Tomcat sends along, and is no error to it")
    void behindFilter(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send(HINTS + FINAL));

        RawResponse got = exchange(kind, RawRequest.get("/front/x"));

        if (kind.isJetty()) {
            assertHints(got, "</a>", "</b>");
        } else if (canHint(kind)) {
            assertHints(got, "</filter>", "</a>", "</b>");
        }
        assertUntouched(got);
        assertThat(got.field("X-Filter")).contains("f");
        assertThat(got.fields("Link")).containsExactly("</filter>");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("has nothing of what the container says itself, and nothing that describes content (RFC 9110 §8)")
    void withoutOwnFields(ContainerKind kind) throws IOException {
        String date = "Thu, 01 Jan 2026 00:00:00 GMT";
        upstream.script(exchange -> exchange.send("HTTP/1.1 103 Early Hints\r\nDate: " + date
                + "\r\nServer: hinting\r\nContent-Type: text/css\r\nContent-Language: de\r\nContent-Encoding: gzip\r\n"
                + "Set-Cookie: a=b\r\nX-Both: hint\r\nLink: </a>\r\nLink: </b>\r\n\r\n" + ProxyBed.OK));

        RawResponse got = exchange(kind, RawRequest.get("/plain/x"));

        if (canHint(kind)) {
            assertHints(got, "</a>", "</b>");
            RawHead hints = got.interim().get(0);
            assertThat(hints.fields("Date")).doesNotContain(date);
            assertThat(hints.fields("Server")).doesNotContain("hinting");
            for (String name : List.of("Content-Type", "Content-Language", "Content-Encoding", "Set-Cookie")) {
                assertThat(hints.fields(name)).as(name).isEmpty();
            }
        }
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.bodyText()).isEqualTo("ok");
        assertThat(got.fields("Date")).doesNotContain(date);
        assertThat(got.fields("Server")).doesNotContain("hinting");
        for (String name :
                List.of("Content-Type", "Content-Language", "Content-Encoding", "Set-Cookie", "X-Both", "Link")) {
            assertThat(got.fields(name)).as(name).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("that is longer than 4 KiB is dropped, and the final one comes as ever")
    void tooLong(ContainerKind kind, String path) throws IOException {
        for (int length : List.of(3_000, 5_000, 10_000)) {
            String link = "</" + "a".repeat(length) + ">";
            upstream.script(
                    exchange -> exchange.send("HTTP/1.1 103 Early Hints\r\nLink: " + link + "\r\n\r\n" + FINAL));

            RawResponse got = exchange(kind, RawRequest.get(path));

            assertThat(got.interim()).as("of %d characters", length).hasSize(canHint(kind) && length < 4_096 ? 1 : 0);
            assertUntouched(got);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("does not keep the connection of a client that wants its end (RFC 9112 §9.6)")
    void lastRequest(ContainerKind kind, String path) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 102 Processing\r\n\r\n" + HINTS + FINAL));
        // Undertow knows the word alone.
        String options = kind == ContainerKind.UNDERTOW ? "close" : "x-option, Close";
        try (RawClient client = CONTAINERS.get(kind).connect()) {
            RawResponse got = client.get(path, "Connection: " + options).assertComplete();

            assertThat(got.interim()).hasSize(kind.isJetty() ? 2 : canHint(kind) ? 1 : 0);
            assertUntouched(got);
            client.assertClosedWithin(Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("leaves what a filter in front has said of the content")
    void behindDescribing(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));
        RawResponse without = exchange(kind, RawRequest.get("/described/x"));
        assertThat(without.field("Content-Language")).contains("de-DE");
        upstream.script(exchange -> exchange.send(HINTS + ProxyBed.OK));

        RawResponse got = exchange(kind, RawRequest.get("/described/x"));

        assertThat(got.interim()).hasSize(canHint(kind) ? 1 : 0);
        assertThat(got.field("Content-Language")).contains("de-DE");
        assertThat(got.field("Content-Type")).isEqualTo(without.field("Content-Type"));
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("is not sent by Tomcat behind a filter that has said the length, which is kept (RFC 9110 §8.6)")
    void behindSizing(ContainerKind kind) throws IOException {
        upstream.script(exchange ->
                exchange.send(HINTS + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));

        RawResponse got = exchange(kind, RawRequest.get("/sized/x"));

        assertThat(got.interim()).hasSize(kind.isJetty() ? 1 : 0);
        got.interim().forEach(hints -> assertThat(hints.field("Content-Length")).isEmpty());
        assertThat(got.field("Content-Length")).contains("2");
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.resumable.testing.ContainerKind#running")
    @DisplayName("above what the container takes for a head does not spoil the final one")
    void refusedByContainer(ContainerKind kind) throws IOException {
        upstream.script(exchange ->
                exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </" + "a".repeat(2_000) + ">\r\n\r\n" + ProxyBed.OK));
        ProxyConfig config = ProxyConfig.builder().target(upstream.url()).build();
        WebApp app = new WebApp()
                .tomcat(tomcat -> tomcat.getConnector().setProperty("maxHttpResponseHeaderSize", "1024"))
                .jetty(jetty -> jetty.getConnectors()[0]
                        .getConnectionFactory(HttpConnectionFactory.class)
                        .getHttpConfiguration()
                        .setResponseHeaderSize(1024))
                .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*")
                        .async())
                .servlet(ServletEntry.of("here", new ProxyServlet(config), "/here/*"));
        try (EmbeddedContainer container = kind.start(app)) {
            for (String path : List.of("/proxy/x", "/here/x")) {
                RawResponse got = container.get(path).assertComplete();
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.bodyText()).isEqualTo("ok");
                assertThat(got.interim()).hasSize(kind.isJetty() ? 1 : 0);
            }
        }
    }
}
