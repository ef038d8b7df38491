// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** A RangeServletFilter in front of a proxy: ranges are answered once, by whoever can. */
@DisplayName("a proxy behind the filter")
final class ProxyBehindFilterTest {

    private static final int SIZE = 50_000;
    private static final byte[] CONTENT = Bytes.pattern(SIZE);

    private static final Map<ContainerKind, EmbeddedContainer> CONTAINERS = new EnumMap<>(ContainerKind.class);
    private static ScriptedUpstream upstream;

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
        ProxyConfig config = ProxyConfig.builder()
                .target(upstream.url())
                .resumeDelay(Duration.ofMillis(10))
                .build();
        for (ContainerKind kind : ContainerKind.running()) {
            CONTAINERS.put(
                    kind,
                    kind.start(FilteredApp.create()
                            .app()
                            .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*")
                                    .async())));
        }
    }

    @AfterAll
    static void stop() {
        CONTAINERS.values().forEach(EmbeddedContainer::close);
        upstream.close();
    }

    private static RawResponse get(ContainerKind kind, String... lines) throws IOException {
        return CONTAINERS.get(kind).get("/proxy/file", lines);
    }

    private static void answerWhole(String fields) {
        upstream.script(
                exchange -> exchange.send("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + SIZE + "\r\n\r\n")
                        .send(CONTENT));
    }

    private static byte[] slice(int first, int end) {
        return Arrays.copyOfRange(CONTENT, first, end);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("leaves ranges to a server that answers them")
    void serverWithRanges(ContainerKind kind) throws IOException {
        upstream.script(
                exchange -> exchange.send("HTTP/1.1 206 Partial Content\r\nETag: \"s\"\r\nAccept-Ranges: bytes\r\n"
                        + "Content-Range: bytes 7-8/900\r\nContent-Length: 2\r\n\r\nok"));

        RawResponse got = get(kind, "Range: bytes=7-8", "If-Range: \"s\"").assertComplete();

        assertThat(got.status()).isEqualTo(206);
        assertThat(got.field("Content-Range")).contains("bytes 7-8/900");
        assertThat(got.field("ETag")).contains("\"s\"");
        assertThat(got.bodyText()).isEqualTo("ok");
        assertThat(upstream.onlyRequest().field("Range")).contains("bytes=7-8");
        assertThat(upstream.onlyRequest().field("If-Range")).contains("\"s\"");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does not keep or cut the whole answer of a server that could have cut it")
    void serverWithRangesWhole(ContainerKind kind) throws IOException {
        answerWhole("Accept-Ranges: bytes\r\nETag: W/\"weak\"\r\n");

        RawResponse got = get(kind, "Range: bytes=7-8", "If-Range: W/\"weak\"").assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("ETag")).contains("W/\"weak\"");
        assertThat(got.body()).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("leaves 304, 412 and 416 of the server alone")
    void serverDecides(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 304 Not Modified\r\nETag: \"s\"\r\n\r\n"));
        assertThat(get(kind, "If-None-Match: \"s\"").assertComplete().status()).isEqualTo(304);
        assertThat(upstream.onlyRequest().field("If-None-Match")).contains("\"s\"");

        upstream.script(exchange -> exchange.send("HTTP/1.1 412 No\r\nContent-Length: 2\r\n\r\nno"));
        assertThat(get(kind, "If-Match: \"t\"").assertComplete().status()).isEqualTo(412);

        upstream.script(
                exchange -> exchange.send("HTTP/1.1 416 No\r\nContent-Range: bytes */9\r\nContent-Length: 0\r\n\r\n"));
        assertThat(get(kind, "Range: bytes=9-").assertComplete().field("Content-Range"))
                .contains("bytes */9");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("makes a server without ranges resumable by the server's own tag")
    void serverWithoutRanges(ContainerKind kind) throws IOException {
        answerWhole("ETag: \"own\"\r\n");

        RawResponse whole = get(kind).assertComplete();
        assertThat(whole.field("ETag")).contains("\"own\"");
        assertThat(whole.field("Accept-Ranges")).contains("bytes");

        RawResponse part =
                get(kind, "Range: bytes=100-199", "If-Range: \"own\"").assertComplete();
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(slice(100, 200));

        RawResponse other =
                get(kind, "Range: bytes=100-199", "If-Range: \"older\"").assertComplete();
        assertThat(other.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "makes a server without ranges, tags and lengths resumable by the filter's tag, which the server never sees")
    void serverWithNothing(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(SIZE) + "\r\n")
                .send(CONTENT)
                .send("\r\n0\r\n\r\n"));

        RawResponse whole = get(kind).assertComplete();
        String tag = whole.field("ETag").orElseThrow();
        assertThat(whole.field("Content-Length")).contains("" + SIZE);

        RawResponse part = get(kind, "Range: bytes=49990-", "If-Range: " + tag).assertComplete();
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(slice(49_990, SIZE));
        assertThat(get(kind, "If-None-Match: " + tag).assertComplete().status()).isEqualTo(304);
        assertThat(get(kind, "If-Match: " + tag).assertComplete().status()).isEqualTo(200);
        assertThat(upstream.requests()).allSatisfy(request -> {
            assertThat(request.field("If-Range")).isEmpty();
            assertThat(request.field("If-None-Match")).isEmpty();
            assertThat(request.field("If-Match")).isEmpty();
        });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("asks the server for a head, not for content that nobody wants")
    void head(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n"));

        RawResponse got = CONTAINERS
                .get(kind)
                .connect()
                .exchange(RawRequest.head("/proxy/file"))
                .assertComplete();

        assertThat(got.field("Content-Length")).contains("5000000000");
        assertThat(upstream.onlyRequest().line()).startsWith("HEAD ");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("breaks the answer off where the server does, cut or not")
    void broken(ContainerKind kind) throws IOException {
        for (String tag : new String[] {"ETag: \"own\"\r\n", "Accept-Ranges: bytes\r\n"}) {
            upstream.script(exchange -> {
                if (exchange.number() == 0) {
                    exchange.send("HTTP/1.1 200 OK\r\n" + tag + "Content-Length: " + SIZE + "\r\n\r\n")
                            .send(slice(0, 40_000));
                }
                exchange.close();
            });
            RawResponse got = get(kind);
            assertThat(got.status() == 502 || got.completion() == Completion.TRUNCATED)
                    .as(got.toString())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("stops the server once the client has what it asked for")
    void enough(ContainerKind kind) throws Exception {
        for (String asked : new String[] {"Range: bytes=5-9", "Range: bytes=0-0,7-8", "If-None-Match: \"own\""}) {
            CountDownLatch stopped = new CountDownLatch(1);
            upstream.script(exchange -> {
                exchange.send("HTTP/1.1 200 OK\r\nETag: \"own\"\r\nContent-Length: 100000000000\r\n\r\n");
                try {
                    for (; ; ) {
                        exchange.send(CONTENT);
                    }
                } catch (IOException e) {
                    stopped.countDown();
                }
            });
            RawResponse got = get(kind, asked).assertComplete();
            assertThat(got.status()).isEqualTo(asked.startsWith("If") ? 304 : 206);
            assertThat(stopped.await(30, TimeUnit.SECONDS)).as(asked).isTrue();
            if (asked.endsWith("5-9")) {
                assertThat(got.field("Content-Range")).contains("bytes 5-9/100000000000");
                assertThat(got.body()).isEqualTo(slice(5, 10));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("tells a failure of the server as 502 while the client has got nothing")
    void failsWhileHeld(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(SIZE) + "\r\n")
                .send(CONTENT)
                .close());
        RawResponse got = get(kind).assertComplete();
        assertThat(got.status()).isEqualTo(502);
        assertThat(got.field("Content-Type")).contains("application/problem+json");
        assertThat(got.bodyText()).startsWith("{").endsWith("}");
        for (String name : new String[] {"ETag", "Content-Range", "Accept-Ranges", "X-A"}) {
            assertThat(got.field(name)).as(name).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes problems and other methods")
    void others(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.close());
        assertThat(get(kind, "Range: bytes=0-1").assertComplete().status()).isEqualTo(502);
        upstream.script(exchange -> {
            exchange.read(5);
            exchange.send(ProxyBed.OK);
        });
        RawResponse posted = CONTAINERS
                .get(kind)
                .connect()
                .exchange(RawRequest.of("POST", "/proxy/file").withBody(new byte[5]))
                .assertComplete();
        assertThat(posted.status()).isEqualTo(200);
    }
}
