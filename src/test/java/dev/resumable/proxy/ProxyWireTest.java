// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages in unusual forms that the standards allow, or that must do no harm. */
@DisplayName("an unusual message through a proxy")
final class ProxyWireTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- requests

    @ParameterizedTest
    @ContainerSource
    @DisplayName("whose target is in absolute form goes where its path leads (RFC 9112 §3.2.2)")
    void absoluteForm(ContainerKind kind) throws IOException {
        bed.answer(ProxyBed.OK);

        RawResponse got =
                bed.get(kind, bed.on(kind).baseUri() + "proxy/a%20b?c=d").assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().target()).isEqualTo("/base/a%20b?c=d");
    }

    static Stream<Arguments> codings() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("gzip, chunked", "gzip", "identity", "chunked, chunked", "xchunked")
                        .map(coding -> Arguments.of(kind, coding)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("codings")
    @DisplayName("in a transfer coding that nobody here undoes goes nowhere (RFC 9112 §6.1)")
    void unknownCoding(ContainerKind kind, String coding) throws Exception {
        bed.answer(ProxyBed.OK);
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Transfer-Encoding: " + coding, "Connection: close")
                    .withUnframedBody(ascii("2\r\nok\r\n0\r\n\r\n")));
            client.halfClose();
            String answer = new String(client.readAll(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotStartWith("HTTP/1.1 200");
        }
        assertThat(bed.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with chunk extensions arrives without them (RFC 9112 §7.1.1)")
    void extensions(ContainerKind kind) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            StringBuilder content = new StringBuilder();
            while (!content.toString().endsWith("0\r\n\r\n")) {
                content.append((char) exchange.in().read());
            }
            arrived.complete(content.toString());
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b;c=\"d\"\r\nok\r\n0;e\r\n\r\n");
        });

        RawResponse got = bed.exchange(
                        kind,
                        RawRequest.of("POST", "/app/proxy/x", "Transfer-Encoding: chunked")
                                .withUnframedBody(ascii("5;a=b\r\nhello\r\n0;c\r\n\r\n")))
                .assertComplete();

        assertThat(got.bodyText()).isEqualTo("ok");
        assertThat(arrived.get(30, TimeUnit.SECONDS)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that asks for another protocol is answered in this one (RFC 9110 §7.8)")
    void upgrade(ContainerKind kind) throws IOException {
        bed.answer(ProxyBed.OK);

        RawResponse got = bed.get(
                        kind,
                        "/app/proxy/x",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                .assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().fields("Upgrade")).isEmpty();
        assertThat(bed.upstream().onlyRequest().fields("Connection")).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("behind another one on the same connection gets its own answer, in order (RFC 9112 §9.3.2)")
    void pipelined(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            String target = exchange.request().target();
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n" + target);
        });
        try (RawClient client = bed.on(kind).connect()) {
            for (String name : List.of("one", "two", "three")) {
                client.send(RawRequest.get("/app/proxy/" + name));
            }
            for (String name : List.of("one", "two", "three")) {
                assertThat(client.read("GET").assertComplete().bodyText()).isEqualTo("/base/" + name);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("behind a large answer is not lost")
    void pipelinedBehindMuch(ContainerKind kind) throws IOException {
        byte[] large = Bytes.pattern(20 << 20);
        bed.upstream().script(exchange -> {
            boolean first = exchange.request().target().endsWith("large");
            byte[] content = first ? large : "small".getBytes(StandardCharsets.US_ASCII);
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n");
            exchange.send(content);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(
                    "GET /app/proxy/large HTTP/1.1\r\nHost: a\r\n\r\nGET /app/proxy/small HTTP/1.1\r\nHost: a\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(Bytes.sha256(client.read("GET").assertComplete().body()))
                    .isEqualTo(Bytes.sha256(0, large.length));
            assertThat(client.read("GET").assertComplete().bodyText()).isEqualTo("small");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("after which the client ends its side gets its answer all the same")
    void halfClosed(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            Thread.sleep(300);
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.get("/app/proxy/x", "Connection: close")).halfClose();
            assertThat(client.read("GET").assertComplete().bodyText()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with content where there seldom is some keeps it")
    void seldomContent(ContainerKind kind) throws Exception {
        for (String method : List.of("GET", "DELETE", "OPTIONS")) {
            CompletableFuture<byte[]> arrived = new CompletableFuture<>();
            bed.upstream().script(exchange -> {
                arrived.complete(exchange.read(5));
                exchange.send(ProxyBed.OK);
            });
            bed.exchange(kind, RawRequest.of(method, "/app/proxy/x").withBody(ascii("hello")))
                    .assertComplete();
            assertThat(arrived.get(30, TimeUnit.SECONDS)).isEqualTo(ascii("hello"));
        }
    }

    // ---- fields

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with empty values keeps them, both ways")
    void emptyValues(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nX-Empty:\r\nx-lower: y\r\nContent-Length: 2\r\n\r\nok");

        RawResponse got = bed.get(kind, "/app/proxy/x", "X-None:", "x-small: z").assertComplete();

        assertThat(got.field("X-Empty")).contains("");
        assertThat(got.field("X-Lower")).contains("y");
        assertThat(bed.upstream().onlyRequest().field("X-None")).contains("");
        assertThat(bed.upstream().onlyRequest().field("X-Small")).contains("z");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with more fields than the container sends is no answer, and tells nothing of the server")
    void hugeHead(ContainerKind kind) throws IOException {
        bed.answer(answerWithFields(10));
        assertThat(bed.get(kind, "/app/proxy/x").assertComplete().bodyText()).isEqualTo("ok");

        bed.answer(answerWithFields(150));
        if (kind == ContainerKind.UNDERTOW) {
            assertThat(bed.get(kind, "/app/proxy/x").assertComplete().bodyText())
                    .isEqualTo("ok");
        } else {
            RawResponse answer = bed.get(kind, "/app/proxy/x").assertComplete();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(new String(answer.rawHead(), StandardCharsets.ISO_8859_1) + answer.bodyText())
                    .doesNotContain("vvv", ".java", ":" + bed.upstream().port());
        }
    }

    private static String answerWithFields(int lines) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            fields.append("X-").append(i).append(": ").append("v".repeat(400)).append("\r\n");
        }
        return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 2\r\n\r\nok";
    }

    // ---- answers

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of one or several ranges passes as it is")
    void ranges(ContainerKind kind) throws IOException {
        String parts =
                "--b\r\nContent-Range: bytes 0-0/9\r\n\r\na\r\n--b\r\nContent-Range: bytes 2-2/9\r\n\r\nc\r\n--b--\r\n";
        bed.answer("HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=b\r\nContent-Length: "
                + parts.length() + "\r\n\r\n" + parts);
        RawResponse several = bed.get(kind, "/app/proxy/x", "Range: bytes=0-0,2-2", "If-Range: \"v\"")
                .assertComplete();
        assertThat(several.status()).isEqualTo(206);
        assertThat(several.bodyText()).isEqualTo(parts);
        assertThat(bed.upstream().onlyRequest().field("Range")).contains("bytes=0-0,2-2");
        assertThat(bed.upstream().onlyRequest().field("If-Range")).contains("\"v\"");

        bed.answer("HTTP/1.1 206 Partial Content\r\nETag: \"v\"\r\nContent-Range: bytes 2-3/9\r\n"
                + "Content-Length: 2\r\n\r\ncd");
        RawResponse one = bed.get(kind, "/app/proxy/x", "Range: bytes=2-3").assertComplete();
        assertThat(one.status()).isEqualTo(206);
        assertThat(one.field("Content-Range")).contains("bytes 2-3/9");
        assertThat(one.bodyText()).isEqualTo("cd");

        bed.answer("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */9\r\nContent-Length: 0\r\n\r\n");
        RawResponse none = bed.get(kind, "/app/proxy/x", "Range: bytes=20-").assertComplete();
        assertThat(none.status()).isEqualTo(416);
        assertThat(none.field("Content-Range")).contains("bytes */9");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with trailers that nobody has announced is whole without them (RFC 9110 §6.5.2)")
    void unannouncedTrailers(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n");

        assertThat(bed.get(kind, "/app/proxy/x").assertComplete().bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of HTTP/1.0 that keeps its connection is whole, and by its length")
    void http10Server(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.field("Content-Length")).contains("2");
        assertThat(got.field("Via")).contains("1.0 resumable");
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    static Stream<Arguments> statuses() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(203, 299, 300, 418, 451, 499, 599, 799, 999)
                        .map(status -> Arguments.of(kind, status)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("statuses")
    @DisplayName("with any status keeps it (RFC 9110 §15)")
    void status(ContainerKind kind, int status) throws IOException {
        bed.answer("HTTP/1.1 " + status + " \r\nContent-Length: 2\r\n\r\nok");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.status()).isEqualTo(status);
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that comes byte by byte is whole")
    void dribbled(ContainerKind kind) throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n";
        bed.upstream().script(exchange -> {
            for (char c : answer.toCharArray()) {
                exchange.send(String.valueOf(c));
                Thread.sleep(1);
            }
        });

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.bodyText()).isEqualTo("hello world");
        assertThat(got.trailers()).extracting(Object::toString).anyMatch(line -> line.contains("X-Sum"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that breaks within its first bytes, to an HTTP/1.0 client, is not a whole answer of a known length")
    void http10Client(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n").send("x".repeat(200_000));
            exchange.close();
        });
        try (RawClient client = bed.on(kind).connect()) {
            OpenResponse open = client.open(RawRequest.get("/app/proxy/x").http10());
            assertThat(open.rest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }
}
