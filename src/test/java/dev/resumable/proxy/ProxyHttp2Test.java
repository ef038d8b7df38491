// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Clients that speak HTTP/2, over plain TCP; the server behind speaks HTTP/1.1. */
@DisplayName("a proxy whose clients speak HTTP/2")
final class ProxyHttp2Test {

    private static final int SIZE = 3_000_000;

    private static ProxyBed bed;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private HttpRequest request(ContainerKind kind, String method, BodyPublisher body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        bed.on(kind).baseUri().resolve("proxy/x"))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        return (fields.length == 0 ? request : request.headers(fields)).build();
    }

    private HttpResponse<byte[]> send(ContainerKind kind, String method, BodyPublisher body, String... fields)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> got = client.send(request(kind, method, body, fields), BodyHandlers.ofByteArray());
        assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return got;
    }

    private HttpResponse<byte[]> get(ContainerKind kind, String... fields) throws IOException, InterruptedException {
        return send(kind, "GET", BodyPublishers.noBody(), fields);
    }

    /** The upgrading request itself should have a small answer: Tomcat 11 never gets a large one off. */
    private void upgrade(ContainerKind kind) throws IOException, InterruptedException {
        bed.answer(ProxyBed.OK);
        send(kind, "OPTIONS", BodyPublishers.noBody());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes content of known and of unknown length, and no framing of HTTP/1.1")
    void content(ContainerKind kind) throws Exception {
        upgrade(kind);
        byte[] content = Bytes.pattern(SIZE);
        bed.upstream()
                .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nKeep-Alive: x\r\nConnection: X-A\r\nX-A: 1\r\n"
                                + "Content-Length: " + SIZE + "\r\n\r\n")
                        .send(content));
        HttpResponse<byte[]> counted = get(kind, "X-Twice", "1", "X-Twice", "2");
        assertThat(counted.headers().firstValue("content-length")).contains("" + SIZE);
        assertThat(counted.headers().firstValue("x-a")).isEmpty();
        assertThat(counted.headers().firstValue("keep-alive")).isEmpty();
        assertThat(counted.headers().firstValue("via")).contains("1.1 resumable");
        assertThat(counted.body()).isEqualTo(content);
        assertThat(bed.upstream().onlyRequest().line()).isEqualTo("GET /base/x HTTP/1.1");
        assertThat(bed.upstream().onlyRequest().fields("X-Twice")).containsExactly("1", "2");
        assertThat(bed.upstream().onlyRequest().field("Via")).contains("2 resumable");
        assertThat(bed.upstream().onlyRequest().field("X-Forwarded-Host"))
                .contains("127.0.0.1:" + bed.on(kind).port());
        assertThat(bed.upstream().onlyRequest().field("Content-Length")).isEmpty();
        assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).isEmpty();

        bed.upstream()
                .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(SIZE) + "\r\n")
                        .send(content)
                        .send("\r\n0\r\n\r\n"));
        HttpResponse<byte[]> chunked = get(kind);
        assertThat(chunked.headers().firstValue("transfer-encoding")).isEmpty();
        assertThat(chunked.body()).isEqualTo(content);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes answers without content")
    void bodiless(ContainerKind kind) throws Exception {
        upgrade(kind);
        bed.answer("HTTP/1.1 200 OK\r\nContent-Length: 1234567890123\r\n\r\n");
        HttpResponse<byte[]> head = send(kind, "HEAD", BodyPublishers.noBody());
        assertThat(head.headers().firstValue("content-length")).contains("1234567890123");
        bed.answer("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
        assertThat(get(kind, "If-None-Match", "\"a\"").statusCode()).isEqualTo(304);
        bed.answer("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(send(kind, "DELETE", BodyPublishers.noBody()).statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends content on, with its length or in chunks")
    void uploads(ContainerKind kind) throws Exception {
        upgrade(kind);
        byte[] content = Bytes.pattern(SIZE);
        CompletableFuture<byte[]> counted = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            counted.complete(exchange.read(SIZE));
            exchange.send(ProxyBed.OK);
        });
        assertThat(send(kind, "POST", BodyPublishers.ofByteArray(content)).statusCode())
                .isEqualTo(200);
        assertThat(counted.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        assertThat(bed.upstream().onlyRequest().field("Content-Length")).contains("" + SIZE);

        bed.upstream().script(exchange -> {
            StringBuilder got = new StringBuilder();
            while (!got.toString().endsWith("0\r\n\r\n")) {
                got.append((char) exchange.in().read());
            }
            exchange.send(ProxyBed.OK);
        });
        BodyPublisher unknown = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[100]));
        assertThat(send(kind, "PUT", unknown).statusCode()).isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).contains("chunked");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends content of unknown length on also with methods that seldom have some (RFC 9113 §8.1.1)")
    void seldomUploads(ContainerKind kind) throws Exception {
        upgrade(kind);
        byte[] content = Bytes.pattern(SIZE);
        for (String method : new String[] {"GET", "DELETE", "OPTIONS"}) {
            CompletableFuture<byte[]> arrived = new CompletableFuture<>();
            bed.upstream().script(exchange -> {
                arrived.complete(unchunked(exchange));
                exchange.send(ProxyBed.OK);
            });
            BodyPublisher unknown = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
            assertThat(send(kind, method, unknown).statusCode()).isEqualTo(200);
            assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).contains("chunked");
            assertThat(arrived.get(30, TimeUnit.SECONDS)).as(method).isEqualTo(content);

            bed.answer(ProxyBed.OK);
            assertThat(send(kind, method, BodyPublishers.noBody()).statusCode()).isEqualTo(200);
            assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding"))
                    .as(method)
                    .isEmpty();
        }
    }

    /** The bytes of all chunks; there are no trailers. */
    private static byte[] unchunked(ScriptedUpstream.Exchange exchange) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int size = chunkSize(exchange); size > 0; size = chunkSize(exchange)) {
            content.write(exchange.read(size));
            exchange.read(2);
        }
        exchange.read(2);
        return content.toByteArray();
    }

    private static int chunkSize(ScriptedUpstream.Exchange exchange) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            line.append((char) exchange.in().read());
        }
        return Integer.parseInt(line.substring(0, line.length() - 2), 16);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("never ends an answer that the server broke as if it were whole (RFC 9113 §8.1.1)")
    void broken(ContainerKind kind) throws Exception {
        upgrade(kind);
        for (String head : new String[] {"Content-Length: " + SIZE, "Transfer-Encoding: chunked"}) {
            String chunk = head.startsWith("T") ? "30d40\r\n" : "";
            bed.upstream()
                    .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n" + chunk)
                            .send(Bytes.pattern(200_000))
                            .close());
            assertThat(isWhole(kind)).as(head).isFalse();
        }
        bed.upstream().script(exchange -> exchange.close());
        assertThat(get(kind).statusCode()).isEqualTo(502);
    }

    private boolean isWhole(ContainerKind kind) throws InterruptedException {
        try {
            HttpResponse<byte[]> got = get(kind);
            // This client hands out what others take for a stream error.
            OptionalLong promised = got.headers().firstValueAsLong("content-length");
            return promised.isEmpty() || promised.getAsLong() == got.body().length;
        } catch (IOException e) {
            return false;
        }
    }

    /** Undertow keeps a reset stream to itself until something is written to it. */
    @ParameterizedTest
    @ContainerSource(except = ContainerKind.UNDERTOW)
    @DisplayName("tells the server at once when the client leaves, also while the server is silent")
    void clientLeaves(ContainerKind kind) throws Exception {
        upgrade(kind);
        CountDownLatch ended = new CountDownLatch(1);
        bed.upstream().script(exchange -> {
            exchange.awaitEnd();
            ended.countDown();
        });
        CompletableFuture<HttpResponse<byte[]>> waiting =
                client.sendAsync(request(kind, "GET", BodyPublishers.noBody()), BodyHandlers.ofByteArray());
        await().untilAsserted(() -> assertThat(bed.upstream().requests()).hasSize(1));
        waiting.cancel(true);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(
                        () -> assertThat(bed.proxy(kind).running().exchanges()).isEmpty());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("knows of content and of the authority by the stream in later versions too (RFC 9114 §4.1)")
    void laterVersion(ContainerKind kind) throws Exception {
        upgrade(kind);
        byte[] content = Bytes.pattern(SIZE);
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            arrived.complete(unchunked(exchange));
            exchange.send(ProxyBed.OK);
        });
        HttpRequest later = HttpRequest.newBuilder(bed.on(kind).baseUri().resolve("later/x"))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
                .build();

        HttpResponse<byte[]> got = client.send(later, BodyHandlers.ofByteArray());

        assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().field("Transfer-Encoding")).contains("chunked");
        assertThat(arrived.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        assertThat(bed.upstream().onlyRequest().field("X-Forwarded-Host"))
                .contains("127.0.0.1:" + bed.on(kind).port());
        assertThat(bed.upstream().onlyRequest().field("Via")).contains("3 resumable");
    }
}
