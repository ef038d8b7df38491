// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.testing.AtOnce;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are complete before the request is, whose client or server takes or sends no more of it. */
@DisplayName("an answer that comes while content is still sent")
final class ProxyEarlyAnswerTest {

    private static final String REFUSED = "HTTP/1.1 413 Too Large\r\nX-Why: size\r\nContent-Length: 2\r\n\r\nno";
    private static final int BLOCK = 64 * 1024;
    private static final long MUCH = 1_000_000_000L;

    private static ProxyBed bed;
    private static ProxyBed hasty;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", config -> config);
        hasty = ProxyBed.start("", config -> config.idleTimeout(Duration.ofSeconds(3)));
    }

    @AfterAll
    static void stop() {
        bed.close();
        hasty.close();
    }

    static Stream<Arguments> paths() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("/app/proxy/x", "/app/here/x").map(path -> Arguments.of(kind, path)));
    }

    private static void assertRefused(RawResponse got) {
        assertThat(got.assertComplete().status()).isEqualTo(413);
        assertThat(got.field("X-Why")).contains("size");
        assertThat(got.field("Connection")).contains("close");
        assertThat(got.bodyText()).isEqualTo("no");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("reaches a client that sends no more, and ends its connection (RFC 9112 §9.3, §9.6)")
    void stalledClient(ContainerKind kind, String path) throws Exception {
        CompletableFuture<String> rest = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            exchange.read(5);
            exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + REFUSED);
            rest.complete(restOf(exchange));
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Content-Length: 1000")
                    .withUnframedBody("hello".getBytes(StandardCharsets.US_ASCII)));

            assertRefused(client.read("POST"));
            client.assertClosedWithin(Duration.ofSeconds(15));
        }
        assertThat(rest).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("reaches a client that has sent nothing but its head")
    void silentClient(ContainerKind kind, String path) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.send(REFUSED.replaceFirst("X-Why", "Connection: close\r\nX-Why"));
            exchange.close();
        });
        for (String framing : List.of("Content-Length: 1000", "Transfer-Encoding: chunked")) {
            try (RawClient client = bed.on(kind).connect()) {
                client.send(RawRequest.of("POST", path, framing));

                assertRefused(client.read("POST"));
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("leaves the content unended at the server, whose framing is by chunks (RFC 9112 §7.1)")
    void chunkedContent(ContainerKind kind, String path) throws Exception {
        CompletableFuture<String> rest = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            exchange.read("5\r\nhello\r\n".length());
            exchange.send(REFUSED);
            rest.complete(restOf(exchange));
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Transfer-Encoding: chunked")
                    .withUnframedBody("5\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII)));

            assertRefused(client.read("POST"));
        }
        assertThat(rest).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("is seen while the server takes no more")
    void stalledServer(ContainerKind kind, String path) throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.read(5);
            full.await();
            exchange.send(REFUSED);
            new CountDownLatch(1).await();
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Content-Length: " + MUCH));
            AtomicLong sent = sendMuch(client);
            await().during(Duration.ofMillis(500)).until(() -> sent.getAndSet(0) == 0);
            full.countDown();

            RawResponse got = client.read("POST");

            assertThat(got.status()).isEqualTo(413);
            assertThat(got.bodyText()).isEqualTo("no");
        }
    }

    /** All at the same time, as each takes all of the idle timeout. */
    @Test
    @DisplayName("and refuses nothing is passed on once the server takes no more, in place of 504")
    void undecided() throws Exception {
        hasty.upstream().script(exchange -> {
            exchange.read(5);
            exchange.send(ProxyBed.OK);
            new CountDownLatch(1).await();
        });
        List<Arguments> rows = paths().toList();
        AtOnce.run(rows, row -> assertPassedOn((ContainerKind) row.get()[0], (String) row.get()[1]));
    }

    private static void assertPassedOn(ContainerKind kind, String path) throws IOException {
        try (RawClient client = hasty.on(kind).connect().timeout(Duration.ofSeconds(30))) {
            client.send(RawRequest.of("POST", path, "Content-Length: " + MUCH));
            sendMuch(client);

            RawResponse got = client.read("POST");

            assertThat(got.status()).isEqualTo(200);
            assertThat(got.bodyText()).isEqualTo("ok");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("paths")
    @DisplayName("that is malformed is 502, though the client sends no more")
    void malformed(ContainerKind kind, String path) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.read(5);
            exchange.send("HTTP/1.1 200 OK\r\n: nameless\r\n\r\n");
            exchange.awaitEnd();
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Content-Length: 1000")
                    .withUnframedBody("hello".getBytes(StandardCharsets.US_ASCII)));

            assertThat(client.read("POST").assertComplete().status()).isEqualTo(502);
        }
    }

    /** What comes until the connection ends, in any way. */
    private static String restOf(Exchange exchange) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int next = exchange.in().read();
                    next >= 0;
                    next = exchange.in().read()) {
                rest.write(next);
            }
        } catch (IOException e) {
            // A reset behind its half-close.
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** Tells what has been sent since it was last asked. */
    private static AtomicLong sendMuch(RawClient client) {
        AtomicLong sent = new AtomicLong();
        Thread sender = new Thread(() -> {
            byte[] block = new byte[BLOCK];
            try {
                for (long done = 0; done < MUCH; done += BLOCK) {
                    client.send(block);
                    sent.addAndGet(BLOCK);
                }
            } catch (IOException e) {
                // The server has had enough.
            }
        });
        sender.setDaemon(true);
        sender.start();
        await().until(() -> sent.get() > 0);
        return sent;
    }
}
