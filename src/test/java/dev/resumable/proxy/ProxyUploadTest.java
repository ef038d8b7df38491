// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Content that clients send through a proxy. */
@DisplayName("content sent through a proxy")
final class ProxyUploadTest {

    private static ProxyBed bed;
    private static ProxyBed hasty;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", config -> config);
        hasty = ProxyBed.start("", config -> config.idleTimeout(Duration.ofSeconds(2)));
    }

    @AfterAll
    static void stop() {
        bed.close();
        hasty.close();
    }

    /** The chunked content up to its last chunk, with its framing. */
    private static String readChunked(Exchange exchange) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!all.toString(StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
            int next = exchange.in().read();
            if (next < 0) {
                return all.toString(StandardCharsets.ISO_8859_1) + "<end>";
            }
            all.write(next);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of a known length arrives with that length")
    void knownLength(ContainerKind kind) throws Exception {
        byte[] content = Bytes.pattern(500_000);
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            arrived.complete(exchange.read(500_000));
            exchange.send(ProxyBed.OK);
        });

        RawResponse got = bed.exchange(
                        kind, RawRequest.of("POST", "/app/proxy/x").withBody(content))
                .assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(arrived.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        assertThat(bed.upstream().onlyRequest().field("Content-Length")).contains("500000");
        assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of no bytes keeps its length 0")
    void noBytes(ContainerKind kind) throws Exception {
        bed.answer(ProxyBed.OK);
        bed.exchange(kind, RawRequest.of("POST", "/app/proxy/x").withBody(new byte[0]))
                .assertComplete();
        assertThat(bed.upstream().onlyRequest().field("Content-Length")).contains("0");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of an unknown length is chunked anew")
    void chunked(ContainerKind kind) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            arrived.complete(readChunked(exchange));
            exchange.send(ProxyBed.OK);
        });

        bed.exchange(
                        kind,
                        RawRequest.of("PUT", "/app/proxy/x")
                                .withChunks(
                                        "hello ".getBytes(StandardCharsets.US_ASCII),
                                        "you!!".getBytes(StandardCharsets.US_ASCII)))
                .assertComplete();

        assertThat(arrived.get(30, TimeUnit.SECONDS).replaceAll("[0-9a-f]+\r\n|\r\n", ""))
                .isEqualTo("hello you!!");
        assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).contains("chunked");
        assertThat(bed.upstream().onlyRequest().field("Content-Length")).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("arrives piece by piece, not first when it is whole")
    void streams(ContainerKind kind) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.read(5);
            arrived.countDown();
            exchange.read(5);
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Content-Length: 10")
                    .withUnframedBody("first".getBytes(StandardCharsets.US_ASCII)));
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
            client.send("other".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.read("POST").assertComplete().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("waits for the server's 100 (Continue), if the client does (RFC 9110 §10.1.1)")
    void expectContinue(ContainerKind kind) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            go.await();
            exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.read(5);
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Content-Length: 5", "Expect: 100-continue"));
            client.assertNothingFollows(Duration.ofMillis(300));
            go.countDown();
            byte[] interim = "HTTP/1.1 100 ".getBytes(StandardCharsets.US_ASCII);
            client.send("hello".getBytes(StandardCharsets.US_ASCII));
            RawResponse got = client.read("POST").assertComplete();
            assertThat(got.interim()).hasSize(1);
            assertThat(got.interim().get(0).raw()).startsWith(new String(interim, StandardCharsets.US_ASCII));
            assertThat(got.status()).isEqualTo(200);
        }
        assertThat(bed.upstream().onlyRequest().field("Expect")).contains("100-continue");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is never asked for if the server refuses it")
    void expectRefused(ContainerKind kind) throws Exception {
        bed.answer("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Content-Length: 5000000000", "Expect: 100-continue"));
            RawResponse got = client.read("POST").assertComplete();
            assertThat(got.status()).isEqualTo(413);
            assertThat(got.interim()).isEmpty();
            assertThat(got.bodyText()).isEqualTo("no");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that is refused midway gets the server's answer")
    void refusedMidway(ContainerKind kind) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.read(100_000);
            exchange.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            // Lets the answer be seen before the connection is gone, as servers do.
            exchange.read(50_000_000);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Content-Length: 1000000000"));
            Thread sender = new Thread(() -> sendUntilBroken(client));
            sender.setDaemon(true);
            sender.start();
            RawResponse got = client.read("POST");
            assertThat(got.status()).isEqualTo(413);
            client.close();
            sender.join(5_000);
        }
    }

    private static void sendUntilBroken(RawClient client) {
        try {
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 1_000_000_000 / block.length; i++) {
                client.send(block);
            }
        } catch (IOException e) {
            // The server has had enough.
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that the client breaks off is broken off at the server too, never ended as if it were whole")
    void clientBreaksOff(ContainerKind kind) throws Exception {
        for (boolean chunked : new boolean[] {true, false}) {
            CompletableFuture<String> arrived = new CompletableFuture<>();
            bed.upstream().script(exchange -> {
                if (chunked) {
                    try {
                        arrived.complete(readChunked(exchange));
                    } catch (IOException e) {
                        arrived.complete("<reset>");
                    }
                } else {
                    exchange.read(5);
                    arrived.complete(exchange.awaitEnd() ? "<end>" : "<reset>");
                }
            });
            try (RawClient client = bed.on(kind).connect()) {
                String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: 500";
                client.send(RawRequest.of("POST", "/app/proxy/x", framing));
                client.send((chunked ? "5\r\nhello\r\n" : "hello").getBytes(StandardCharsets.US_ASCII));
                await().untilAsserted(
                                () -> assertThat(bed.upstream().requests()).hasSize(1));
            }
            assertThat(arrived.get(30, TimeUnit.SECONDS))
                    .as("chunked " + chunked)
                    .isEqualTo("<reset>");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that is framed in two ways goes nowhere (RFC 9112 §6.1)")
    void smuggled(ContainerKind kind) throws Exception {
        bed.upstream().script(exchange -> {
            if (!exchange.request().fields("Transfer-Encoding").isEmpty()) {
                readChunked(exchange);
            }
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of(
                            "POST",
                            "/app/proxy/x",
                            "Content-Length: 3",
                            "Transfer-Encoding: chunked",
                            "Connection: close")
                    .withUnframedBody("0\r\n\r\nGET /app/proxy/y HTTP/1.1\r\nHost: a\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII)));
            client.readAll();
        }
        assertThat(bed.upstream().requests()).allSatisfy(seen -> {
            assertThat(seen.target()).isEqualTo("/x");
            assertThat(seen.fields("Content-Length").size()
                            + seen.fields("Transfer-Encoding").size())
                    .isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("brings its trailers along, without what must not be in them")
    void trailers(ContainerKind kind) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (!all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                all.write(exchange.in().read());
            }
            arrived.complete(all.toString(StandardCharsets.ISO_8859_1));
            exchange.send(ProxyBed.OK);
        });
        bed.exchange(
                        kind,
                        RawRequest.of("POST", "/app/proxy/x", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                                .withUnframedBody(
                                        "5\r\nhello\r\n0\r\nX-Sum: 7\r\nContent-Length: 9\r\nX-Real-IP: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n\r\n"
                                                .getBytes(StandardCharsets.US_ASCII)))
                .assertComplete();

        String got = arrived.get(30, TimeUnit.SECONDS).toLowerCase(Locale.ROOT);
        assertThat(got)
                .startsWith("5\r\nhello\r\n0\r\n")
                .contains("x-sum: 7")
                .doesNotContain("content-length", "6.6.6.6");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that the server does not take ends with 504")
    void stuck(ContainerKind kind) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        hasty.upstream().script(exchange -> done.await());
        byte[] much = new byte[30_000_000];
        Arrays.fill(much, (byte) 'x');
        try (RawClient client = hasty.on(kind).connect()) {
            Thread sender = new Thread(() -> {
                try {
                    client.send(RawRequest.of("POST", "/app/proxy/x").withBody(much));
                } catch (IOException e) {
                    // The answer came first.
                }
            });
            sender.setDaemon(true);
            sender.start();
            RawResponse got = client.read("POST");
            assertThat(got.status()).isEqualTo(504);
        } finally {
            done.countDown();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("to a server that switches protocols meanwhile fails, as it never asked for that (RFC 9110 §15.2.2)")
    void switchedMidway(ContainerKind kind) throws Exception {
        CountDownLatch switched = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.read(5);
            exchange.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
            switched.countDown();
            exchange.read(5);
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", "/app/proxy/x", "Content-Length: 10")
                    .withUnframedBody("hello".getBytes(StandardCharsets.US_ASCII)));
            assertThat(switched.await(30, TimeUnit.SECONDS)).isTrue();
            client.send("world".getBytes(StandardCharsets.US_ASCII));

            assertThat(client.read("POST").assertComplete().status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is sent after a while to a server that says something else instead of 100 (Continue)")
    void expectHint(ContainerKind kind) throws Exception {
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            arrived.complete(exchange.read(5));
            exchange.send(ProxyBed.OK);
        });
        byte[] content = "hello".getBytes(StandardCharsets.US_ASCII);

        RawResponse got = bed.exchange(
                        kind,
                        RawRequest.of("POST", "/app/proxy/x", "Expect: 100-continue", "Content-Length: 5")
                                .withUnframedBody(content))
                .assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(arrived.get(30, TimeUnit.SECONDS)).isEqualTo(content);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("in a coding over HTTP/1.0, which has none, is refused, and the connection ends (RFC 9112 §6.1)")
    void codingOverHttp10(ContainerKind kind) throws Exception {
        bed.answer(ProxyBed.OK);
        for (String more : List.of("X-No-Length: 1", "Content-Length: 5")) {
            try (RawClient client = bed.on(kind).connect()) {
                client.send(RawRequest.of(
                                "POST", "/app/proxy/x", "Connection: keep-alive", "Transfer-Encoding: chunked", more)
                        .http10()
                        .withUnframedBody("5\r\nhello\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                assertThat(client.read("POST").status()).as(more).isEqualTo(400);
                client.assertClosedWithin(Duration.ofSeconds(15));
            }
        }
        assertThat(bed.upstream().requests()).isEmpty();
    }
}
