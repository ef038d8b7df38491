// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ScriptedUpstream.Script;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.FreePort;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the client sees when the server fails: an honest status, or a broken connection; never a whole answer. */
@DisplayName("a server that fails behind a proxy")
final class ProxyFailureTest {

    static final String BIG = "x".repeat(200_000);
    static final String COUNTED = "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n";
    static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    static final String CHUNK = Integer.toHexString(BIG.length()) + "\r\n" + BIG + "\r\n";

    private static ProxyBed bed;

    /** The client has the head of the answer. */
    private static volatile CountDownLatch begun = new CountDownLatch(0);

    @BeforeAll
    static void start() {
        // A server that is slow to end its answer behind the head has not begun it.
        bed = ProxyBed.start("", config -> config.maxHeadLines(50).flushDeadline(Duration.ofSeconds(20)));
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static Stream<Arguments> rows(Map<String, Script> scripts) {
        return scripts.entrySet().stream()
                .flatMap(row -> ContainerKind.running().stream()
                        .flatMap(kind -> Stream.of("/app/proxy/x", "/app/here/x")
                                .map(path -> Arguments.of(kind, path, row.getKey(), row.getValue()))));
    }

    // ---- before the answer

    static Stream<Arguments> early() {
        Map<String, Script> rows = new LinkedHashMap<>();
        rows.put("502 closes without a word", exchange -> exchange.close());
        rows.put("502 resets without a word", exchange -> exchange.reset());
        rows.put(
                "502 closes within the status line",
                exchange -> exchange.send("HTTP/1.1 20").close());
        rows.put(
                "502 closes behind the status line",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\n").close());
        rows.put(
                "502 closes within a field",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nA: b\r\nC").close());
        rows.put(
                "502 closes before the empty line",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nA: b\r\n").close());
        rows.put(
                "502 talks something else",
                exchange -> exchange.send("SSH-2.0-x\r\n\r\n").close());
        rows.put(
                "502 has an empty line first",
                exchange -> exchange.send("\r\n" + ProxyBed.OK).close());
        rows.put(
                "502 has a code of four digits",
                exchange -> exchange.send("HTTP/1.1 2000 OK\r\n\r\n").close());
        rows.put(
                "502 talks HTTP/2",
                exchange -> exchange.send("HTTP/2.0 200 OK\r\n\r\n").close());
        rows.put(
                "502 has a field without a colon",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nx\r\n\r\n").close());
        rows.put(
                "502 has a field without a name",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\n: x\r\n\r\n").close());
        rows.put(
                "502 has a field with a space in its name",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\na b: x\r\n\r\n").close());
        for (String length :
                new String[] {"-1", "+5", "5, 6", "5x", "0x5", "", "99999999999999999999", "5\r\nContent-Length: 6"}) {
            rows.put(
                    "502 has the length \"" + length.replace("\r\n", ";") + "\"",
                    exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nhello")
                            .close());
        }
        for (String coding : new String[] {"gzip", "gzip, chunked", "chunked, chunked", "identity", "x"}) {
            rows.put(
                    "502 has the transfer coding " + coding,
                    exchange -> exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n")
                            .close());
        }
        rows.put("502 has an endless line", exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nX: ");
            for (int i = 0; i < 100; i++) {
                exchange.send(BIG);
            }
        });
        rows.put("502 has endless lines", exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 100_000; i++) {
                exchange.send("X-" + i + ": y\r\n");
            }
        });
        rows.put("502 has endless interim responses", exchange -> {
            for (int i = 0; i < 100_000; i++) {
                exchange.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            }
        });
        rows.put("502 switches protocols", exchange -> exchange.send("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"));
        rows.put(
                "502 closes before the content",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                        .close());
        rows.put(
                "502 closes before the first chunk",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .close());
        return rows(rows);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("early")
    @DisplayName("before its answer is a problem without a trace or an address")
    void beforeTheAnswer(ContainerKind kind, String path, String name, Script script) throws IOException {
        bed.upstream().script(script);

        RawResponse got = bed.get(kind, path);

        assertProblem(got, Integer.parseInt(name.substring(0, 3)), bed.upstream());
    }

    static void assertProblem(RawResponse got, int status, ScriptedUpstream upstream) {
        assertThat(got.assertComplete().status()).isEqualTo(status);
        assertThat(got.field("Content-Type")).contains("application/problem+json");
        assertThat(got.bodyText())
                .startsWith("{\"type\":\"about:blank\",\"title\":")
                .doesNotContain("127.0.0.1", "Exception", String.valueOf(upstream.port()));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that is not there is 502")
    void refused(ContainerKind kind) throws IOException {
        int free = FreePort.find();
        try (ProxyBed dead = ProxyBed.start("", config -> config.target("http://127.0.0.1:" + free))) {
            assertThat(dead.get(kind, "/app/proxy/x").assertComplete().status()).isEqualTo(502);
            assertThat(dead.exchange(kind, RawRequest.head("/app/here/x"))
                            .assertComplete()
                            .status())
                    .isEqualTo(502);
        }
    }

    // ---- after the answer has begun

    static Stream<Arguments> late() {
        Map<String, Script> rows = new LinkedHashMap<>();
        rows.put(
                "closes short of the length",
                exchange -> exchange.send(COUNTED + BIG).close());
        rows.put("resets short of the length", exchange -> {
            exchange.send(COUNTED + BIG);
            begun.await();
            exchange.reset();
        });
        rows.put(
                "closes between chunks",
                exchange -> exchange.send(CHUNKED + CHUNK).close());
        rows.put(
                "closes within a chunk",
                exchange -> exchange.send(CHUNKED + CHUNK + "5\r\nhel").close());
        rows.put(
                "closes within a chunk size",
                exchange -> exchange.send(CHUNKED + CHUNK + "5").close());
        rows.put(
                "closes behind the last chunk",
                exchange -> exchange.send(CHUNKED + CHUNK + "0\r\n").close());
        rows.put(
                "closes within the trailers",
                exchange -> exchange.send(CHUNKED + CHUNK + "0\r\nX-A: b\r\n").close());
        rows.put("has a chunk of garbage", exchange -> exchange.send(CHUNKED + CHUNK + "zz\r\nhello\r\n0\r\n\r\n"));
        rows.put("has a negative chunk", exchange -> exchange.send(CHUNKED + CHUNK + "-5\r\nhello\r\n0\r\n\r\n"));
        rows.put(
                "has a chunk that is too long",
                exchange -> exchange.send(CHUNKED + CHUNK + "5\r\nhello!\r\n0\r\n\r\n"));
        rows.put("resets where the end is the connection's", exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\n\r\n" + BIG);
            begun.await();
            exchange.reset();
        });
        return rows(rows);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("late")
    @DisplayName("within its answer breaks the connection to the client")
    void withinTheAnswer(ContainerKind kind, String path, String name, Script script) throws IOException {
        begun = new CountDownLatch(1);
        bed.upstream().script(script);

        try (RawClient client = bed.on(kind).connect()) {
            OpenResponse open = client.open(RawRequest.get(path));
            begun.countDown();
            assertBroken(open);
        } finally {
            begun.countDown();
        }
        assertNotAskedForMore(bed);
    }

    static void assertBroken(OpenResponse open) {
        assertThat(open.head().status()).isEqualTo(200);
        RawResponse got = open.rest();
        assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
        assertThat(got.bodyLength()).isLessThanOrEqualTo(BIG.length() + 5);
    }

    static void assertNotAskedForMore(ProxyBed bed) {
        bed.upstream()
                .requests()
                .forEach(request -> assertThat(request.field("Range")).isEmpty());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("and chunked as well as counted: the chunks win, the length is gone (RFC 9112 §6.3)")
    void bothFramings(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.bodyText()).isEqualTo("hello");
        assertThat(got.field("Content-Length")).isEmpty();
    }

    // ---- repeating

    @ParameterizedTest
    @ContainerSource
    @DisplayName("by closing an idle connection is asked once more, if the method is safe")
    void stale(ContainerKind kind) throws IOException {
        for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE"}) {
            // The first answer leaves a connection in the pool; the next request on it is dropped.
            bed.upstream().script(exchange -> {
                if (exchange.request().connection() == bed.upstream().acceptedConnections()
                        && exchange.request().target().equals("/second")
                        && bed.upstream().requests().size() == 2) {
                    exchange.close();
                } else {
                    exchange.send(
                            method.equals("HEAD") && exchange.request().line().startsWith("HEAD")
                                    ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                                    : ProxyBed.OK);
                }
            });
            bed.get(kind, "/app/proxy/first").assertComplete();
            // Its answer may have come a moment before the connection is in the pool.
            await().until(() -> bed.proxy(kind).running().exchanges().isEmpty());
            RawResponse got = bed.exchange(kind, RawRequest.of(method, "/app/proxy/second"))
                    .assertComplete();
            boolean safe = method.equals("GET") || method.equals("HEAD");
            assertThat(got.status()).as(method).isEqualTo(safe ? 200 : 502);
            assertThat(bed.upstream().requests()).as(method).hasSize(safe ? 3 : 2);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("on a fresh connection is never asked again")
    void freshNotRepeated(ContainerKind kind) throws IOException {
        ((ApacheUpstream) bed.proxy(kind).running().upstream()).forgetIdle();
        bed.upstream().script(exchange -> exchange.close());

        assertThat(bed.get(kind, "/app/proxy/x").assertComplete().status()).isEqualTo(502);
        assertThat(bed.upstream().requests()).hasSize(1);
    }

    // ---- the client fails

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is told at once when the client leaves, and nothing is read to its end")
    void clientLeaves(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
            try {
                for (; ; ) {
                    exchange.send(BIG);
                }
            } catch (IOException e) {
                ended.countDown();
            }
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.open(RawRequest.get("/app/proxy/x")).readBody(100_000);
            client.reset();
        }
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(
                        () -> assertThat(bed.proxy(kind).running().exchanges()).isEmpty());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps serving the same client connection after a problem")
    void connectionSurvives(ContainerKind kind) throws IOException {
        try (RawClient client = bed.on(kind).connect()) {
            bed.upstream().script(exchange -> exchange.close());
            assertThat(client.get("/app/proxy/x").assertComplete().status()).isEqualTo(502);
            bed.answer(ProxyBed.OK);
            assertThat(client.get("/app/proxy/x").assertComplete().bodyText()).isEqualTo("ok");
        } catch (EOFException | SocketException e) {
            throw new AssertionError("the connection was closed", e);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of an answer that ends with the connection is seen as a reset (RFC 9112 §8)")
    void unframed(ContainerKind kind) throws Exception {
        for (String path : List.of("/app/proxy/x", "/app/here/x")) {
            assertReset(kind, RawRequest.get(path).http10());
            assertReset(kind, RawRequest.get(path, "Connection: close"));
        }
    }

    private static void assertReset(ContainerKind kind, RawRequest request) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            read.await();
            exchange.reset();
        });
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), bed.on(kind).port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(request.toBytes("a"));
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (!got.toString(StandardCharsets.ISO_8859_1).contains("hello")) {
                got.write(client.getInputStream().read());
            }
            read.countDown();

            assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                    .as("%s", request)
                    .isInstanceOf(SocketException.class);
        }
    }
}
