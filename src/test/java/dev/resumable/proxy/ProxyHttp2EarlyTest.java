// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2RequesterBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** What reaches clients of HTTP/2 early, for which the client of the JDK is not good enough. */
@DisplayName("a proxy whose clients speak HTTP/2")
final class ProxyHttp2EarlyTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", config -> config);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes 103 (Early Hints) to them where the container can send it, and 102 on Jetty (RFC 8297)")
    void hints(ContainerKind kind) throws Exception {
        bed.answer("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n"
                + ProxyBed.OK);
        Hinted got = new Hinted();

        assertThat(exchange(kind, Method.GET, null, got).getBody()).isEqualTo("ok");

        String hints = "103 [</a>, </b>]";
        assertThat(got.interim)
                .isEqualTo(
                        kind.isJetty()
                                ? List.of("102 []", hints)
                                : kind == ContainerKind.UNDERTOW ? List.of() : List.of(hints));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes an answer to them that comes while they send no more of their content (RFC 9113 §8.1)")
    void earlyAnswer(ContainerKind kind) throws Exception {
        bed.upstream().script(exchange -> {
            exchange.read("5\r\nhello\r\n".length());
            exchange.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            exchange.awaitEnd();
        });

        Message<HttpResponse, String> got = exchange(kind, Method.POST, new Endless(), new Hinted());

        assertThat(got.getHead().getCode()).isEqualTo(413);
        assertThat(got.getBody()).isEqualTo("no");
    }

    private static Message<HttpResponse, String> exchange(
            ContainerKind kind, Method method, AsyncEntityProducer content, Hinted consumer) throws Exception {
        AsyncRequestProducer request =
                new BasicRequestProducer(method, bed.on(kind).baseUri().resolve("proxy/x"), content);
        HttpAsyncRequester requester = H2RequesterBootstrap.bootstrap()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                .create();
        requester.start();
        try {
            return requester
                    .execute(request, consumer, Timeout.ofSeconds(20), null)
                    .get(20, TimeUnit.SECONDS);
        } finally {
            requester.close(CloseMode.IMMEDIATE);
        }
    }

    /** Also takes interim responses. */
    private static final class Hinted extends BasicResponseConsumer<String> {

        private final List<String> interim = new CopyOnWriteArrayList<>();

        Hinted() {
            super(new StringAsyncEntityConsumer());
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            interim.add(response.getCode() + " "
                    + Stream.of(response.getHeaders("Link"))
                            .map(Header::getValue)
                            .toList());
        }
    }

    /** Content that stops after its first bytes and never ends. */
    private static final class Endless implements AsyncEntityProducer {

        private boolean begun;

        @Override
        public int available() {
            return begun ? 0 : 1;
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            if (!begun) {
                begun = true;
                channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            }
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public boolean isChunked() {
            return true;
        }

        @Override
        public String getContentType() {
            return "text/plain";
        }

        @Override
        public String getContentEncoding() {
            return null;
        }

        @Override
        public Set<String> getTrailerNames() {
            return Set.of();
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {
            // The exchange fails as a whole.
        }

        @Override
        public void releaseResources() {
            // There are none.
        }
    }
}
