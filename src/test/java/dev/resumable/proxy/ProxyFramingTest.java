// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Framing;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lengths, codings and messages without content: each side is framed anew (RFC 9112 §6). */
@DisplayName("the framing of answers through a proxy")
final class ProxyFramingTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a known length stays known, and the connection to the server is used again")
    void knownLength(ContainerKind kind) throws IOException {
        byte[] content = Bytes.pattern(300_000);
        bed.upstream()
                .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
                        .send(content));

        for (int i = 0; i < 3; i++) {
            RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();
            assertThat(got.framing()).isEqualTo(Framing.CONTENT_LENGTH);
            assertThat(got.body()).isEqualTo(content);
            // It may have come a moment before the connection is in the pool.
            await().until(() -> bed.proxy(kind).running().exchanges().isEmpty());
        }
        assertThat(bed.upstream().requests().stream()
                        .map(ScriptedUpstream.Seen::connection)
                        .distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("an unknown length is chunked for HTTP/1.1 and ends with the connection for HTTP/1.0")
    void unknownLength(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");

        RawResponse chunked = bed.get(kind, "/app/proxy/x").assertComplete();
        assertThat(chunked.framing()).isEqualTo(Framing.CHUNKED);
        assertThat(chunked.bodyText()).isEqualTo("hello world");

        RawResponse closed =
                bed.exchange(kind, RawRequest.get("/app/proxy/x").http10()).assertComplete();
        assertThat(closed.framing()).isEqualTo(Framing.UNTIL_CLOSE);
        assertThat(closed.bodyText()).isEqualTo("hello world");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("content that ends with the server's connection is whole")
    void untilClose(ContainerKind kind) throws IOException {
        bed.upstream()
                .script(exchange ->
                        exchange.send("HTTP/1.0 200 OK\r\n\r\nhello").close());

        assertThat(bed.get(kind, "/app/proxy/x").assertComplete().bodyText()).isEqualTo("hello");
    }

    static Stream<Arguments> bodiless() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(
                        Arguments.of(kind, "HEAD", "200 OK\r\nContent-Length: 1234567890123", "1234567890123"),
                        Arguments.of(kind, "HEAD", "200 OK", ""),
                        Arguments.of(kind, "HEAD", "200 OK\r\nTransfer-Encoding: chunked", ""),
                        Arguments.of(kind, "HEAD", "404 Gone\r\nContent-Length: 7", "7"),
                        Arguments.of(kind, "GET", "204 No Content", ""),
                        Arguments.of(kind, "GET", "205 Reset Content\r\nContent-Length: 0", "0"),
                        Arguments.of(kind, "GET", "304 Not Modified\r\nETag: \"x\"", ""),
                        Arguments.of(kind, "GET", "304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 50", ""),
                        Arguments.of(kind, "HEAD", "304 Not Modified", "")));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("bodiless")
    @DisplayName("without content have none, and no length that is not true")
    void bodiless(ContainerKind kind, String method, String head, String length) throws IOException {
        bed.answer("HTTP/1.1 " + head + "\r\n\r\n");

        try (RawClient client = bed.on(kind).connect()) {
            for (int i = 0; i < 2; i++) {
                RawResponse got =
                        client.exchange(RawRequest.of(method, "/app/proxy/x")).assertComplete();
                assertThat(got.status()).isEqualTo(Integer.parseInt(head.substring(0, 3)));
                assertThat(got.field("Content-Length").orElse("")).isEqualTo(length);
            }
            client.assertNothingFollows(Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("an empty answer comes at once")
    void empty(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("Content-Length")).contains("0");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("interim responses never become the answer (RFC 9110 §15.2)")
    void interim(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ProxyBed.OK);

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("Link")).isEmpty();
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("trailers pass without what must not be in them (RFC 9110 §6.5.1)")
    void trailers(ContainerKind kind) throws IOException {
        bed.answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, Content-Length, Set-Cookie\r\n\r\n"
                        + "5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\nSet-Cookie: a=b\r\nTransfer-Encoding: x\r\n\r\n");

        RawResponse got =
                bed.get(kind, "/app/proxy/x", "TE: trailers", "Connection: TE").assertComplete();

        assertThat(got.bodyText()).isEqualTo("hello");
        assertThat(got.field("Content-Length")).isEmpty();
        assertThat(got.field("Trailer").orElse("").toLowerCase(Locale.ROOT)).isEqualTo("x-sum");
        assertThat(got.trailers()).extracting("name", "value").containsExactly(tuple("X-Sum", "1"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("bytes behind an answer are never the next one")
    void surplus(ContainerKind kind) throws IOException {
        for (String after : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted", "x", "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")) {
            for (String head : List.of(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                    "HTTP/1.1 204 No Content\r\n\r\n")) {
                bed.answer(head + after);
                bed.get(kind, "/app/proxy/first").assertComplete();
                bed.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue");
                assertThat(bed.get(kind, "/app/proxy/second").assertComplete().bodyText())
                        .as(head + after)
                        .isEqualTo("true");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("the first part arrives while the server still thinks about the next")
    void streams(ContainerKind kind) throws Exception {
        for (String type : List.of("text/event-stream", "application/octet-stream")) {
            CountDownLatch more = new CountDownLatch(1);
            bed.upstream().script(exchange -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Type: " + type
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                more.await();
                exchange.send("4\r\nlast\r\n0\r\n\r\n");
            });
            try (RawClient client = bed.on(kind).connect()) {
                OpenResponse open = client.open(RawRequest.get("/app/proxy/x"));
                assertThat(new String(open.readBody(5), StandardCharsets.US_ASCII))
                        .isEqualTo("first");
                more.countDown();
                assertThat(open.rest().assertComplete().bodyText()).isEqualTo("firstlast");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("the head arrives before the first content, if that is late")
    void headFirst(ContainerKind kind) throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            more.await();
            exchange.send("late");
        });
        try (RawClient client = bed.on(kind).connect()) {
            OpenResponse open = client.open(RawRequest.get("/app/proxy/x"));
            assertThat(open.head().status()).isEqualTo(200);
            more.countDown();
            assertThat(open.rest().assertComplete().bodyText()).isEqualTo("late");
        }
    }
}
