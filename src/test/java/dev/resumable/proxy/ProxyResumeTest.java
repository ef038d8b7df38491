// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.proxy.ScriptedUpstream.Script;
import dev.resumable.proxy.ScriptedUpstream.Seen;
import dev.resumable.testing.AtOnce;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that break, and go on by a range request or do not. */
@DisplayName("an answer that breaks")
final class ProxyResumeTest {

    private static final int SIZE = 300_000;
    private static final byte[] CONTENT = Bytes.pattern(SIZE);
    private static final int CUT = 120_000;

    private static ProxyBed bed;
    private static ProxyBed hasty;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", ProxyResumeTest::quickly);
        hasty = ProxyBed.start("", config -> quickly(config).idleTimeout(Duration.ofSeconds(3)));
    }

    private static ProxyConfig.Builder quickly(ProxyConfig.Builder config) {
        return config.resumeTries(3).resumeDelay(Duration.ofMillis(10));
    }

    @AfterAll
    static void stop() {
        bed.close();
        hasty.close();
    }

    private static String whole(String fields) {
        return "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n" + fields + "Content-Length: " + SIZE + "\r\n\r\n";
    }

    private static String part(int first, int last, String fields) {
        return "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n" + fields + "Content-Range: bytes " + first + "-"
                + last + "/" + SIZE + "\r\nContent-Length: " + (last - first + 1) + "\r\n\r\n";
    }

    private static byte[] slice(int first, int end) {
        return Arrays.copyOfRange(CONTENT, first, end);
    }

    /** The start of the asked range; the proxy always gives both ends. */
    private static int asked(Exchange exchange) {
        String range = exchange.request().field("Range").orElseThrow();
        return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
    }

    private static void breakAfter(Exchange exchange, int bytes) throws IOException, InterruptedException {
        exchange.send(whole("")).send(slice(0, bytes));
        exchange.close();
    }

    /** The first answer breaks; what the second does is the row. */
    private static Script first(Script second) {
        return exchange -> {
            if (exchange.number() == 0) {
                breakAfter(exchange, CUT);
            } else {
                second.answer(exchange);
            }
        };
    }

    static Stream<Arguments> healed() {
        Map<String, Script> rows = new LinkedHashMap<>();
        rows.put(
                "by a part from there on",
                first(exchange ->
                        exchange.send(part(asked(exchange), SIZE - 1, "")).send(slice(asked(exchange), SIZE))));
        rows.put(
                "by the whole with the same tag",
                first(exchange -> exchange.send(whole("")).send(CONTENT)));
        rows.put("by shorter parts", first(exchange -> {
            int end = Math.min(SIZE, asked(exchange) + 50_000);
            exchange.send(part(asked(exchange), end - 1, "")).send(slice(asked(exchange), end));
        }));
        rows.put("after it breaks many times", exchange -> {
            int from = exchange.number() == 0 ? 0 : asked(exchange);
            exchange.send(exchange.number() == 0 ? whole("") : part(from, SIZE - 1, ""));
            exchange.send(slice(from, Math.min(SIZE, from + 10_000)));
            if (from + 10_000 < SIZE) {
                exchange.close();
            }
        });
        rows.put("before its first byte", exchange -> {
            if (exchange.number() == 0) {
                exchange.send(whole("")).close();
            } else {
                exchange.send(part(0, SIZE - 1, "")).send(CONTENT);
            }
        });
        rows.put("after a reset, a 503, a 502 with garbage and a closed connection", exchange -> {
            switch (exchange.number()) {
                case 0 -> breakAfter(exchange, CUT);
                case 1 -> exchange.send("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
                case 2 -> exchange.close();
                default -> exchange.send(part(asked(exchange), SIZE - 1, "")).send(slice(asked(exchange), SIZE));
            }
        });
        return rows(rows);
    }

    private static Stream<Arguments> rows(Map<String, Script> scripts) {
        return scripts.entrySet().stream()
                .flatMap(row ->
                        ContainerKind.running().stream().map(kind -> Arguments.of(kind, row.getKey(), row.getValue())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("healed")
    @DisplayName("goes on")
    void goesOn(ContainerKind kind, String name, Script script) throws IOException {
        bed.upstream().script(script);

        RawResponse got = bed.get(kind, "/app/proxy/x", "If-None-Match: \"old\"");

        assertHealed(got, bed.upstream().requests());
    }

    /** All at the same time, as each takes all of the idle timeout. */
    @Test
    @DisplayName("goes on after a stall")
    void goesOnAfterStall() throws Exception {
        hasty.upstream().script(exchange -> {
            if (exchange.number() == 0) {
                exchange.send(whole("")).send(slice(0, CUT)).awaitEnd();
            } else {
                exchange.send(part(asked(exchange), SIZE - 1, "")).send(slice(asked(exchange), SIZE));
            }
        });
        AtOnce.run(ContainerKind.running(), kind -> {
            RawResponse got = hasty.get(kind, "/app/proxy/" + kind, "If-None-Match: \"old\"");

            List<Seen> requests = hasty.upstream().requests().stream()
                    .filter(request -> request.target().equals("/" + kind))
                    .toList();
            assertHealed(got, requests);
        });
    }

    private static void assertHealed(RawResponse got, List<Seen> requests) {
        assertThat(got.assertComplete().status()).isEqualTo(200);
        assertThat(got.field("Content-Range")).isEmpty();
        assertThat(got.body()).isEqualTo(CONTENT);
        assertThat(requests).hasSizeGreaterThan(1);
        assertThat(requests.get(0).field("Range")).isEmpty();
        assertThat(requests.get(0).field("If-None-Match")).contains("\"old\"");
        requests.stream().skip(1).forEach(request -> {
            assertThat(request.field("Range").orElseThrow()).endsWith("-" + (SIZE - 1));
            assertThat(request.field("If-Range")).contains("\"v1\"");
            assertThat(request.field("If-None-Match")).isEmpty();
        });
    }

    static Stream<Arguments> broken() {
        Map<String, Script> rows = new LinkedHashMap<>();
        rows.put(
                "with another tag",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "").replace("v1", "v2"))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "with a weak tag",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "").replace("\"v1\"", "W/\"v1\""))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "with no tag",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "").replace("ETag: \"v1\"\r\n", ""))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "from another byte on",
                first(exchange -> exchange.send(part(CUT + 1, SIZE - 1, "")).send(slice(CUT + 1, SIZE))));
        rows.put(
                "from an earlier byte on",
                first(exchange -> exchange.send(part(CUT - 1, SIZE - 1, "")).send(slice(CUT - 1, SIZE))));
        rows.put(
                "of another total",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "").replace("/" + SIZE, "/" + (SIZE + 1)))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "of an unknown total",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "").replace("/" + SIZE, "/*"))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "in another coding",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "Content-Encoding: gzip\r\n"))
                        .send(slice(CUT, SIZE))));
        rows.put(
                "with a length that contradicts the range",
                first(exchange -> exchange.send(part(CUT, SIZE - 1, "")
                                .replace("Content-Length: " + (SIZE - CUT), "Content-Length: " + (SIZE - CUT - 7)))
                        .send(slice(CUT, SIZE - 7))));
        rows.put(
                "as the whole with another tag",
                first(exchange -> exchange.send(whole("").replace("v1", "v2")).send(CONTENT)));
        rows.put(
                "as a whole of another length",
                first(exchange -> exchange.send(whole("").replace("" + SIZE, "" + (SIZE + 1)))
                        .send(CONTENT)
                        .send("x")));
        rows.put(
                "with 416",
                first(exchange ->
                        exchange.send("HTTP/1.1 416 No\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n")));
        rows.put("with 412", first(exchange -> exchange.send("HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n")));
        rows.put("with 404", first(exchange -> exchange.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")));
        rows.put("with 500", first(exchange -> exchange.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")));
        rows.put(
                "with 302",
                first(exchange -> exchange.send("HTTP/1.1 302 No\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n")));
        rows.put(
                "several ranges",
                first(exchange -> exchange.send("HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\n"
                        + "Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5\r\n\r\n--x--")));
        rows.put("with nothing, again and again", first(exchange -> exchange.close()));
        rows.put(
                "with 503 for too long",
                first(exchange ->
                        exchange.send("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")));
        return rows(rows);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("broken")
    @DisplayName("does not go on with what is not its rest")
    void doesNotGoOn(ContainerKind kind, String name, Script script) throws IOException {
        bed.upstream().script(script);

        RawResponse got = bed.get(kind, "/app/proxy/x");

        assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
        assertThat(got.body()).isEqualTo(slice(0, CUT));
        assertThat(bed.upstream().requests()).hasSizeBetween(2, 4);
    }

    static Stream<Arguments> notResumable() {
        Map<String, Script> rows = new LinkedHashMap<>();
        rows.put(
                "without a tag",
                exchange -> exchange.send(whole("").replace("ETag: \"v1\"\r\n", ""))
                        .send(slice(0, CUT))
                        .close());
        rows.put(
                "with a weak tag",
                exchange -> exchange.send(whole("").replace("\"v1\"", "W/\"v1\""))
                        .send(slice(0, CUT))
                        .close());
        rows.put(
                "without a length",
                exchange -> exchange.send(
                                "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                        .close());
        rows.put(
                "of several ranges",
                exchange -> exchange.send("HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\nContent-Length: 50\r\n"
                                + "Content-Type: multipart/byteranges; boundary=x\r\n\r\n--x")
                        .close());
        rows.put(
                "of an error",
                exchange -> exchange.send("HTTP/1.1 404 No\r\nETag: \"v1\"\r\nContent-Length: 50\r\n\r\nhello")
                        .close());
        return rows(rows);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("notResumable")
    @DisplayName("is not asked for again where nothing would vouch for the bytes")
    void notAsked(ContainerKind kind, String name, Script script) throws IOException {
        bed.upstream().script(script);
        // The first bytes may come before the failure or not; a whole answer never comes.
        RawResponse got = bed.get(kind, "/app/proxy/x");
        assertThat(got.status() == 502 || got.completion() == Completion.TRUNCATED)
                .isTrue();
        assertThat(bed.upstream().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not asked again if the request had content, which is gone")
    void requestWithContent(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            exchange.read(2);
            breakAfter(exchange, CUT);
        });
        RawResponse got =
                bed.exchange(kind, RawRequest.of("GET", "/app/proxy/x").withBody(new byte[2]));
        assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
        assertThat(bed.upstream().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of one range stays within that range, and the client's own conditions are not repeated")
    void ownRange(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            if (exchange.number() == 0) {
                exchange.send(part(1_000, 200_999, ""))
                        .send(slice(1_000, 50_000))
                        .close();
            } else {
                assertThat(exchange.request().field("Range")).contains("bytes=50000-200999");
                assertThat(exchange.request().field("If-Range")).contains("\"v1\"");
                exchange.send(part(50_000, 200_999, "")).send(slice(50_000, 201_000));
            }
        });

        RawResponse got = bed.get(kind, "/app/proxy/x", "Range: bytes=1000-200999", "If-Range: \"v1\"")
                .assertComplete();

        assertThat(got.status()).isEqualTo(206);
        assertThat(got.field("Content-Range")).contains("bytes 1000-200999/" + SIZE);
        assertThat(got.body()).isEqualTo(slice(1_000, 201_000));
        assertThat(bed.upstream().failures()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is counted, with the bytes that need not be sent again")
    void counted(ContainerKind kind) throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        TransferEvents listener = new TransferEvents() {
            @Override
            public void upstreamResumed(long bytesSaved) {
                told.add("resumed " + bytesSaved);
            }

            @Override
            public void upstreamBroken(long bytes) {
                told.add("broken " + bytes);
            }
        };
        try (ProxyBed other = ProxyBed.start("", config -> config.events(Optional.of(listener)))) {
            other.upstream()
                    .script(first(
                            exchange -> exchange.send(part(CUT, SIZE - 1, "")).send(slice(CUT, SIZE))));
            other.get(kind, "/app/proxy/x").assertComplete();
            other.upstream().script(first(exchange -> exchange.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")));
            other.get(kind, "/app/proxy/x");
        }

        assertThat(told).containsExactly("resumed " + CUT, "broken " + CUT);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is left broken if resuming is switched off")
    void off(ContainerKind kind) throws IOException {
        try (ProxyBed plain = ProxyBed.start("", config -> config.resumeTries(0))) {
            plain.upstream().script(exchange -> breakAfter(exchange, CUT));
            assertThat(plain.get(kind, "/app/proxy/x").completion()).isEqualTo(Completion.TRUNCATED);
            assertThat(plain.upstream().requests()).hasSize(1);
        }
    }
}
