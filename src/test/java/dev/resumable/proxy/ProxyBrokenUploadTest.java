// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.proxy.ScriptedUpstream.Exchange;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Content that the container itself gives up on: the server must not take for whole what it got of it. */
@DisplayName("malformed content sent through a proxy")
final class ProxyBrokenUploadTest {

    private static final String LAST_CHUNK = "0\r\n\r\n";

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", config -> config);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** Reads chunked content to its last chunk, or to the end of the connection however it comes. */
    private static String arrivedOn(Exchange exchange) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            while (!all.toString(StandardCharsets.ISO_8859_1).endsWith(LAST_CHUNK)) {
                int next = exchange.in().read();
                if (next < 0) {
                    break;
                }
                all.write(next);
            }
        } catch (IOException e) {
            // A reset, which is right.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    static Stream<Arguments> malformed() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("/app/proxy/x", "/app/here/x")
                        .flatMap(path -> Stream.of(
                                        "5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n",
                                        "5\r\nhello\r\n5\r\nworldXX3\r\nabc\r\n",
                                        "5\r\nhello\r\n-3\r\nabc\r\n0\r\n\r\n",
                                        "5\r\nhello\r\nfffffffffffffffffff\r\nabc\r\n0\r\n\r\n")
                                .map(content -> Arguments.of(kind, path, content))));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    @DisplayName("is never ended as if it were whole, and its client is told so without a trace")
    void neverWhole(ContainerKind kind, String path, String content) throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            arrived.complete(arrivedOn(exchange));
            exchange.send(ProxyBed.OK);
        });
        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.of("POST", path, "Transfer-Encoding: chunked")
                    .withUnframedBody(content.getBytes(StandardCharsets.US_ASCII)));
            // To some containers a part of this is more content, of which they wait for the rest.
            client.halfClose();
            String answer = new String(client.readAll(), StandardCharsets.ISO_8859_1);
            if (kind == ContainerKind.TOMCAT) {
                // It answers such content itself, and ends async exchanges in one of three ways.
                assertThat(answer).matches("(?s)(HTTP/1.1 [45]00 .*)?").doesNotContain("Exception", "dev.resumable");
            } else if (kind == ContainerKind.UNDERTOW) {
                // It closes the connection.
                assertThat(answer).doesNotContain("200", "Exception");
            } else {
                assertThat(answer)
                        .startsWith("HTTP/1.1 400 ")
                        .contains("application/problem+json")
                        .doesNotContain("Exception", "<html");
            }
        }
        if (!bed.upstream().requests().isEmpty()) {
            assertThat(arrived.get(30, TimeUnit.SECONDS)).doesNotEndWith(LAST_CHUNK);
        }
    }

    @Test
    @DisplayName("that is longer than Undertow allows is not ended either")
    void tooLong() throws Exception {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        bed.upstream().script(exchange -> {
            arrived.complete(arrivedOn(exchange));
            exchange.send(ProxyBed.OK);
        });
        WebApp app = new WebApp()
                .undertow(builder -> builder.setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 8L))
                .servlet(ServletEntry.of(
                                "proxy",
                                new ProxyServlet(ProxyConfig.to(bed.upstream().url())),
                                "/*")
                        .async());
        try (EmbeddedContainer undertow = ContainerKind.UNDERTOW.start(app);
                RawClient client = undertow.connect()) {
            client.send(RawRequest.of("POST", "/x", "Transfer-Encoding: chunked")
                    .withUnframedBody("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            client.readAll();
        }
        if (!bed.upstream().requests().isEmpty()) {
            assertThat(arrived.get(30, TimeUnit.SECONDS)).doesNotEndWith(LAST_CHUNK);
        }
    }
}
