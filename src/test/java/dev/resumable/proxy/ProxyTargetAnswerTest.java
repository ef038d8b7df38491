// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.AtOnce;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What passes of the answers of servers that requests have chosen, which may be anybody's. */
@DisplayName("the answer of a target that a request names")
final class ProxyTargetAnswerTest {

    private static final int MOST = 100_000;
    private static final Duration LONGEST = Duration.ofSeconds(4);

    private static final Map<ContainerKind, EmbeddedContainer> CONTAINERS = new EnumMap<>(ContainerKind.class);
    private static ScriptedUpstream upstream;

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
        ProxyConfig.Builder config = ProxyConfig.builder()
                .targetFrom(Optional.of("parameter:url"))
                .allowedTargets(List.of(AllowedTarget.parse(upstream.url()).orElseThrow()))
                .allowedNetworks(List.of(Network.of("127.0.0.1/32")))
                .targetMaxSize(MOST)
                .resumeTries(1000)
                .resumeDelay(Duration.ZERO);
        ProxyConfig rules = config.responseFields(List.of(
                        FieldRule.parse("-Content-Security-Policy").orElseThrow(),
                        FieldRule.parse("X-Rule: r").orElseThrow()))
                .build();
        ProxyConfig plain = config.responseFields(List.of()).build();
        ProxyConfig timed = config.targetMaxTime(LONGEST).build();
        ProxyConfig unlimited =
                config.targetMaxTime(Duration.ZERO).targetMaxSize(0).build();
        for (ContainerKind kind : ContainerKind.running()) {
            CONTAINERS.put(
                    kind,
                    kind.start(new WebApp()
                            .servlet(entry("plain", plain))
                            .servlet(entry("timed", timed))
                            .servlet(entry("unlimited", unlimited))
                            .servlet(entry("rules", rules))));
        }
    }

    private static ServletEntry entry(String name, ProxyConfig config) {
        return ServletEntry.of(name, new ProxyServlet(config), "/" + name).async();
    }

    @AfterAll
    static void stop() {
        CONTAINERS.values().forEach(EmbeddedContainer::close);
        upstream.close();
    }

    private static RawRequest request(String servlet) {
        return RawRequest.get(
                "/" + servlet + "?url=" + URLEncoder.encode(upstream.url() + "/x", StandardCharsets.UTF_8));
    }

    private static RawResponse fetch(ContainerKind kind, String servlet) throws IOException {
        return RawClient.once(CONTAINERS.get(kind).port(), request(servlet));
    }

    // ---- fields

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has the fields of its content, and none that acts on this server's origin")
    void fields(ContainerKind kind) throws IOException {
        List<String> kept = List.of(
                "Content-Type: text/html",
                "Content-Encoding: gzip",
                "Content-Language: de",
                "Content-Disposition: inline",
                "Accept-Ranges: bytes",
                "ETag: \"e\"",
                "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
                "Cache-Control: max-age=5",
                "Vary: Accept",
                "Location: /elsewhere",
                "Repr-Digest: sha-256=:x:");
        String dropped = String.join(
                "\r\n",
                "Set-Cookie: a=b",
                "Set-Cookie2: a=b",
                "Clear-Site-Data: \"*\"",
                "Strict-Transport-Security: max-age=0",
                "Service-Worker-Allowed: /",
                "Access-Control-Allow-Origin: *",
                "Access-Control-Allow-Credentials: true",
                "Content-Security-Policy: script-src *",
                "Content-Security-Policy-Report-Only: default-src *",
                "X-Content-Type-Options: sniff",
                "Link: </evil.js>; rel=preload",
                "Alt-Svc: h2=\":1\"",
                "Refresh: 0; url=/logout",
                "WWW-Authenticate: Basic realm=\"us\"",
                "NEL: {}",
                "Report-To: {}",
                "SourceMap: /x",
                "X-Accel-Redirect: /secret",
                "X-Sendfile: /etc/passwd",
                "X-Unknown: 1",
                "Trailer: X-Late",
                "");
        upstream.script(exchange -> exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </evil.js>; rel=preload\r\n\r\n"
                + "HTTP/1.1 200 OK\r\n" + String.join("\r\n", kept) + "\r\n" + dropped
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n"));

        RawResponse got = fetch(kind, "plain").assertComplete();

        assertThat(got.interim()).isEmpty();
        for (String line : kept) {
            int colon = line.indexOf(':');
            assertThat(got.field(line.substring(0, colon)).orElse("").toLowerCase(Locale.ROOT))
                    .as(line)
                    .startsWith(line.substring(colon + 2).toLowerCase(Locale.ROOT));
        }
        dropped.lines()
                .map(line -> line.substring(0, line.indexOf(':')))
                .filter(name -> !name.equals("Content-Security-Policy") && !name.equals("X-Content-Type-Options"))
                .forEach(name -> assertThat(got.fields(name)).as(name).isEmpty());
        assertThat(got.trailers()).isEmpty();
        assertThat(got.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(got.field("Content-Security-Policy")).contains("sandbox");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has what the rules say")
    void rules(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));

        RawResponse got = fetch(kind, "rules").assertComplete();

        assertThat(got.field("Content-Security-Policy")).isEmpty();
        assertThat(got.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(got.field("X-Rule")).contains("r");
    }

    // ---- size

    private static void answerCounted(int length) {
        upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                .send(Bytes.pattern(length)));
    }

    private static void answerChunked(int length) {
        upstream.script(exchange -> exchange.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(length) + "\r\n")
                .send(Bytes.pattern(length))
                .send("\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("may be as long as allowed")
    void longest(ContainerKind kind) throws IOException {
        answerCounted(MOST);
        assertThat(fetch(kind, "plain").assertComplete().body()).isEqualTo(Bytes.pattern(MOST));
        answerChunked(MOST);
        assertThat(fetch(kind, "plain").assertComplete().body()).isEqualTo(Bytes.pattern(MOST));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is 502 if it says that it is longer, but to HEAD")
    void tooLong(ContainerKind kind) throws IOException {
        answerCounted(MOST + 1);

        RawResponse got = fetch(kind, "plain").assertComplete();

        assertThat(got.status()).isEqualTo(502);
        assertThat(got.field("Content-Type")).contains("application/problem+json");

        upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + (MOST + 1) + "\r\n\r\n"));
        RawRequest head =
                RawRequest.head("/plain?url=" + URLEncoder.encode(upstream.url() + "/x", StandardCharsets.UTF_8));
        assertThat(RawClient.once(CONTAINERS.get(kind).port(), head)
                        .assertComplete()
                        .field("Content-Length"))
                .contains("" + (MOST + 1));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("without content may say the length of another one (RFC 9110 §8.6)")
    void withoutContent(ContainerKind kind) throws IOException {
        for (String status : List.of("304 Not Modified", "204 No Content")) {
            upstream.script(exchange -> exchange.send(
                    "HTTP/1.1 " + status + "\r\nETag: \"e\"\r\nContent-Length: " + (MOST + 1) + "\r\n\r\n"));

            RawResponse got = RawClient.once(
                            CONTAINERS.get(kind).port(), request("plain").with("If-None-Match: \"e\""))
                    .assertComplete();

            assertThat(got.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
            assertThat(got.field("ETag")).contains("\"e\"");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is broken off if it turns out to be longer")
    void endless(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        upstream.script(exchange -> {
            try {
                exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (; ; ) {
                    exchange.send("1000\r\n").send(Bytes.pattern(0x1000)).send("\r\n");
                }
            } catch (IOException e) {
                ended.countDown();
            }
        });

        RawResponse got = fetch(kind, "plain");

        // The first bytes may already be too many, as long as nothing was sent.
        assertThat(got.status() == 502 || got.completion() == Completion.TRUNCATED)
                .as(got.toString())
                .isTrue();
        assertThat(got.bodyLength()).isLessThanOrEqualTo(MOST);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("may be of any length without a limit")
    void unlimited(ContainerKind kind) throws IOException {
        answerCounted(MOST * 5);
        assertThat(fetch(kind, "unlimited").assertComplete().bodyLength()).isEqualTo(MOST * 5);
    }

    // ---- time, which all containers take at the same time

    private static int kinds() {
        return ContainerKind.running().size();
    }

    @Test
    @DisplayName("is 504 if it has not begun in time, whatever comes drop by drop")
    void slowHead() throws Exception {
        CountDownLatch ended = new CountDownLatch(kinds());
        upstream.script(exchange -> {
            try {
                exchange.send("HTTP/1.1 200 OK\r\nX: ");
                for (; ; ) {
                    exchange.send("x");
                    Thread.sleep(50);
                }
            } catch (IOException e) {
                ended.countDown();
            }
        });

        AtOnce.run(
                ContainerKind.running(),
                kind -> assertThat(fetch(kind, "timed").assertComplete().status())
                        .isEqualTo(504));

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("is broken off if it takes too long, however often it could be resumed")
    void slowContent() throws Exception {
        upstream.script(exchange -> {
            boolean first = exchange.request().fields("Range").isEmpty();
            int at = first
                    ? 0
                    : Integer.parseInt(
                            exchange.request().field("Range").orElseThrow().split("[=-]")[1]);
            exchange.send(
                    first
                            ? "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 100\r\n\r\n"
                            : "HTTP/1.1 206 Partial\r\nETag: \"v\"\r\nContent-Range: bytes " + at
                                    + "-99/100\r\nContent-Length: " + (100 - at) + "\r\n\r\n");
            Thread.sleep(100);
            exchange.send(Bytes.slice(at, 1)).close();
        });

        AtOnce.run(
                ContainerKind.running(),
                kind -> assertThat(fetch(kind, "timed").completion()).isEqualTo(Completion.TRUNCATED));

        // Nobody asks for more, of what would be a request each 100 ms.
        int most = upstream.requests().size() + kinds();
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> upstream.requests().size() <= most);
    }

    @Test
    @DisplayName("is broken off when the time is up, also while it is waited for another try")
    void slowRetry() throws Exception {
        upstream.script(exchange -> {
            if (exchange.request().fields("Range").isEmpty()) {
                exchange.send("HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 100\r\n\r\nabc")
                        .close();
            } else {
                // Longer than the client's patience.
                exchange.send("HTTP/1.1 503 Busy\r\nRetry-After: 25\r\nContent-Length: 0\r\n\r\n");
            }
        });

        AtOnce.run(
                ContainerKind.running(),
                kind -> assertThat(fetch(kind, "timed").completion()).isEqualTo(Completion.TRUNCATED));
    }
}
