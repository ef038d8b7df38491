// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client sees on the wire what is there, against answers written byte by byte. */
@Timeout(120)
final class RawClientTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    /** Answers every connection with these bytes and closes it. */
    private static ScriptedServer answering(String... parts) throws IOException {
        return ScriptedServer.start(connection -> {
            readHead(connection.getInputStream());
            write(connection, parts);
        });
    }

    /** Answers with these bytes and leaves the connection open. */
    private static ScriptedServer holding(String... parts) throws IOException {
        return ScriptedServer.start(connection -> {
            readHead(connection.getInputStream());
            write(connection, parts);
            // Longer than any test waits for more; its end interrupts it.
            Thread.sleep(120_000);
        });
    }

    private static void write(Socket connection, String... parts) throws IOException {
        for (String part : parts) {
            connection.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static RawResponse get(String... answer) throws IOException {
        try (ScriptedServer server = answering(answer)) {
            return RawClient.once(server.port(), RawRequest.get("/"));
        }
    }

    @Test
    void sendsExactlyTheLinesGiven() throws Exception {
        CompletableFuture<String> sent = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    sent.complete(readHead(connection.getInputStream()));
                    write(connection, "HTTP/1.1 204 No Content\r\n\r\n");
                });
                RawClient client = RawClient.connect(server.port())) {
            client.exchange(RawRequest.of("GET", "/a?b", "host: me", "range:bytes=0-4", "X:  two ")
                    .http10());
            assertThat(sent.get(5, TimeUnit.SECONDS))
                    .isEqualTo("GET /a?b HTTP/1.0\r\nhost: me\r\nrange:bytes=0-4\r\nX:  two \r\n\r\n");
        }
    }

    @Test
    void addsAHostAndFramesABody() {
        RawRequest request = RawRequest.of("PUT", "/x", "A: 1");
        assertThat(text(request.withBody(new byte[] {'h', 'i'}).toBytes("h:1")))
                .isEqualTo("PUT /x HTTP/1.1\r\nHost: h:1\r\nA: 1\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(text(request.withChunks(new byte[] {'h'}, new byte[11]).toBytes("h:1")))
                .startsWith("PUT /x HTTP/1.1\r\nHost: h:1\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\nb\r\n")
                .endsWith("\r\n0\r\n\r\n");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsALengthFramedResponse() throws IOException {
        RawResponse response =
                get("HTTP/1.1 206 Part\r\nContent-Length: 5\r\nX: 1\r\nETag:\t\"a\" \r\nx: 2\r\n\r\nhello");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.reason()).isEqualTo("Part");
        assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
        assertThat(response.completion()).isEqualTo(Completion.COMPLETE);
        assertThat(response.bodyText()).isEqualTo("hello");
        assertThat(response.field("etag")).contains("\"a\"");
        assertThat(response.field("Absent")).isEmpty();
        assertThat(response.fields("X")).containsExactly("1", "2");
        assertThat(response.lines()).hasSize(4);
        assertThat(new String(response.rawHead(), StandardCharsets.ISO_8859_1)).endsWith("x: 2\r\n\r\n");
        assertFails(() -> response.field("x"), "at most one");
    }

    @Test
    void readsAChunkedResponseWithTrailers() throws IOException {
        RawResponse response = get(
                "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n",
                "5;ext=1\r\nhello\r\n",
                "1\r\n!\r\n0\r\nRepr-Digest: x\r\n\r\n");
        assertThat(response.framing()).isEqualTo(Framing.CHUNKED);
        assertThat(response.completion()).isEqualTo(Completion.COMPLETE);
        assertThat(response.bodyText()).isEqualTo("hello!");
        assertThat(response.trailers()).containsExactly(new FieldLine("Repr-Digest", "x"));
        assertThat(response.reason()).isEmpty();
    }

    @Test
    void readsUntilClose() throws IOException {
        RawResponse response = get("HTTP/1.0 200 OK\r\n\r\nall of it");
        assertThat(response.framing()).isEqualTo(Framing.UNTIL_CLOSE);
        assertThat(response.completion()).isEqualTo(Completion.COMPLETE);
        assertThat(response.bodyText()).isEqualTo("all of it");
    }

    @ParameterizedTest(name = "RFC 9112 §6.3: {0}")
    @ValueSource(
            strings = {
                "Content-Length: 6\r\n\r\nhello",
                "Content-Length: 1\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "Transfer-Encoding: chunked\r\n\r\n"
            })
    void reportsATruncatedBody(String rest) throws IOException {
        RawResponse response = get("HTTP/1.1 200 OK\r\n" + rest);
        assertThat(response.completion()).isEqualTo(Completion.TRUNCATED);
        assertFails(response::assertComplete, "TRUNCATED");
    }

    @Test
    void reportsAResetAsTruncationEvenWithoutLength() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(connection -> {
            readHead(connection.getInputStream());
            write(connection, "HTTP/1.1 200 OK\r\n\r\npart");
            Thread.sleep(SHORT.toMillis());
            connection.setSoLinger(true, 0);
        })) {
            assertThat(RawClient.once(server.port(), RawRequest.get("/")).completion())
                    .isEqualTo(Completion.TRUNCATED);
        }
    }

    @Test
    void reportsSilenceAsTimeOut() throws IOException {
        try (ScriptedServer server = holding("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                RawClient client = RawClient.connect(server.port())) {
            OpenResponse open = client.open(RawRequest.get("/"));
            assertThat(text(open.readBody(5))).isEqualTo("hello");
            client.timeout(SHORT);
            RawResponse response = open.rest();
            assertThat(response.completion()).isEqualTo(Completion.TIMED_OUT);
            assertThat(response.bodyText()).isEqualTo("hello");
        }
    }

    @ParameterizedTest(name = "{0} {1} has no body")
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304"})
    void knowsWhichResponsesHaveNoBody(String method, int status) throws IOException {
        try (ScriptedServer server = holding("HTTP/1.1 " + status + " X\r\nContent-Length: 9\r\n\r\n");
                RawClient client = RawClient.connect(server.port())) {
            RawResponse response = client.exchange(RawRequest.of(method, "/"));
            assertThat(response.framing()).isEqualTo(Framing.NONE);
            assertThat(response.completion()).isEqualTo(Completion.COMPLETE);
            assertThat(response.field("Content-Length")).contains("9");
            client.assertNothingFollows(SHORT);
            assertFails(() -> client.assertClosedWithin(SHORT), "stayed open");
        }
    }

    @Test
    void findsStrayBytesBehindAResponse() throws IOException {
        try (ScriptedServer server = holding("HTTP/1.1 304 X\r\n\r\n", "stray");
                RawClient client = RawClient.connect(server.port())) {
            assertThat(client.get("/").status()).isEqualTo(304);
            assertFails(() -> client.assertNothingFollows(Duration.ofSeconds(5)), "\"stray\"");
        }
    }

    @Test
    void keepsInterimResponses() throws IOException {
        RawResponse response = get(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.interim()).extracting(RawHead::status).containsExactly(100, 103);
        assertThat(response.interim().get(1).field("Link")).contains("</a>");
    }

    @Test
    void readsPipelinedResponsesInOrder() throws IOException {
        String answers = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2";
        try (ScriptedServer server = answering(answers);
                RawClient client = RawClient.connect(server.port())) {
            client.send(RawRequest.get("/1")).send(RawRequest.get("/2"));
            assertThat(client.read("GET").bodyText()).isEqualTo("1");
            assertThat(client.read("GET").bodyText()).isEqualTo("2");
        }
    }

    @ParameterizedTest(name = "malformed: {0}")
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 20x OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nBad : 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
            })
    void failsOnMalformedFraming(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nA: 1\r\n"})
    void tellsAConnectionThatEndsWithinTheHead(String answer) {
        assertThatThrownBy(() -> get(answer)).isInstanceOf(EOFException.class);
    }

    @Test
    void digestsALargeBodyWithoutKeepingIt() throws IOException {
        long length = 20_000_003;
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    readHead(connection.getInputStream());
                    write(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    Bytes.stream(0, length).transferTo(connection.getOutputStream());
                });
                RawClient client = RawClient.connect(server.port())) {
            RawResponse response = client.open(RawRequest.get("/")).digestRest().assertComplete();
            assertThat(response.bodyLength()).isEqualTo(length);
            assertThat(response.sha256()).isEqualTo(Bytes.sha256(0, length));
            assertThatThrownBy(response::body).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readsSlowlyAndInParts() throws IOException {
        try (ScriptedServer server = answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
                RawClient client = RawClient.connectWithReceiveBuffer(server.port(), 4096)) {
            OpenResponse open = client.open(RawRequest.get("/"));
            assertThat(open.head().status()).isEqualTo(200);
            assertThat(text(open.readBody(4))).isEqualTo("0123");
            long start = System.nanoTime();
            RawResponse response = open.restSlowly(2, Duration.ofMillis(50)).assertComplete();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(140));
            assertThat(response.bodyText()).isEqualTo("0123456789");
        }
    }

    @Test
    void resetsInTheMiddleOfABody() throws Exception {
        CompletableFuture<Exception> seen = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    readHead(connection.getInputStream());
                    write(connection, "HTTP/1.1 200 OK\r\n\r\n0123456789");
                    try {
                        connection.getInputStream().read();
                    } catch (IOException e) {
                        seen.complete(e);
                    }
                });
                RawClient client = RawClient.connect(server.port())) {
            OpenResponse open = client.open(RawRequest.get("/"));
            assertThat(text(open.readBody(4))).isEqualTo("0123");
            client.reset();
            assertThat(seen.get(30, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
            assertThat(open.abandon().completion()).isEqualTo(Completion.ABANDONED);
        }
    }

    @Test
    void halfClosesAndStillReads() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    byte[] all = connection.getInputStream().readAllBytes();
                    write(connection, "HTTP/1.1 200 OK\r\n\r\n" + all.length);
                });
                RawClient client = RawClient.connect(server.port())) {
            client.send(new byte[1234]).halfClose();
            assertThat(client.read("GET").bodyText()).isEqualTo("1234");
            client.assertClosedWithin(Duration.ofSeconds(15));
        }
    }

    private static void assertFails(ThrowingCallable action, String message) {
        assertThatThrownBy(action).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }
}
