// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.http2.Http2Protocol;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P45: HTTP/2 over plain TCP. The first request upgrades the connection, those behind it are streams of it. */
@DisplayName("over HTTP/2")
final class Http2Test {

    private static final int LENGTH = 3_000_000;

    @TempDir
    private Path root;

    private final AtomicInteger failures = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private EmbeddedContainer start(ContainerKind kind) throws IOException, InterruptedException {
        FilteredApp app = FilteredApp.create()
                .servlet("/pushed", (request, response) -> Pushed.send(request, LENGTH, failures))
                .servlet("/pushed-untouched", (request, response) -> {
                    response.setContentType("text/event-stream");
                    Pushed.send(request, LENGTH, failures);
                })
                .servlet("/short", (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLength(LENGTH);
                    response.getOutputStream().write(Bytes.pattern(LENGTH / 2));
                })
                .servlet("/upgrade", (request, response) -> {})
                .servlet("/hop-by-hop", (request, response) -> {
                    response.setHeader("Transfer-Encoding", "chunked");
                    response.getOutputStream().write(Bytes.pattern(1000));
                });
        EmbeddedContainer container = kind.start(withHttp2(Shape.addAll(app, root, LENGTH)));
        // Small: Tomcat 11.0.25 never gets a large response to the upgrading request itself off, whatever the
        // application.
        send(container, "OPTIONS", "/upgrade");
        return container;
    }

    private static WebApp withHttp2(WebApp app) {
        return app.tomcat(tomcat -> tomcat.getConnector().addUpgradeProtocol(new Http2Protocol()))
                .jetty(Http2Test::addHttp2)
                .undertow(undertow -> undertow.setServerOption(UndertowOptions.ENABLE_HTTP2, true));
    }

    private static void addHttp2(Server server) {
        ((ServerConnector) server.getConnectors()[0])
                .addConnectionFactory(new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    }

    private HttpResponse<byte[]> send(EmbeddedContainer container, String method, String path, String... fields)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(container.baseUri().resolve(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.noBody());
        if (fields.length > 0) {
            request.headers(fields);
        }
        HttpResponse<byte[]> got = client.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(got.headers().firstValue("transfer-encoding")).isEmpty();
        return got;
    }

    @ParameterizedTest(name = "P45 {0}")
    @ContainerSource
    @DisplayName("P45 every shape is sent whole, in part and in parts")
    void ranges(ContainerKind kind) throws IOException, InterruptedException {
        try (EmbeddedContainer container = start(kind)) {
            for (Shape shape : Shape.values()) {
                HttpResponse<byte[]> whole = send(container, "GET", shape.path());
                assertThat(whole.statusCode()).isEqualTo(200);
                assertThat(Bytes.sha256(whole.body())).as("%s", shape).isEqualTo(Bytes.sha256(0, LENGTH));
                assertThat(whole.headers().firstValue("content-length")).contains("" + LENGTH);
                String tag = whole.headers().firstValue("etag").orElseThrow();

                HttpResponse<byte[]> part =
                        send(container, "GET", shape.path(), "Range", "bytes=2000000-", "If-Range", tag);
                assertThat(part.statusCode()).as("%s", shape).isEqualTo(206);
                assertThat(part.headers().firstValue("content-range")).contains("bytes 2000000-2999999/3000000");
                assertThat(part.body()).isEqualTo(Bytes.slice(2_000_000, 1_000_000));

                HttpResponse<byte[]> parts = send(container, "GET", shape.path(), "Range", "bytes=5-9,-7");
                assertThat(parts.statusCode()).isEqualTo(206);
                MultipartBody body = MultipartBody.parse(
                        parts.headers().firstValue("content-type").orElseThrow(), parts.body());
                assertThat(body.parts().get(1).body()).isEqualTo(Bytes.slice(LENGTH - 7, 7));
            }
        }
    }

    @ParameterizedTest(name = "P45 {0}")
    @ContainerSource
    @DisplayName("P45 a file larger than all buffers arrives byte for byte, from the container's own hand too")
    void large(ContainerKind kind) throws IOException, InterruptedException {
        int length = 33 << 20;
        for (Duration sendfileAfter : new Duration[] {Duration.ofDays(1), Duration.ZERO}) {
            FilteredApp app = FilteredApp.with(RangeConfig.builder()
                            .answers(ContentOptions.builder()
                                    .sendfileAfter(sendfileAfter)
                                    .build())
                            .build())
                    .servlet("/upgrade", (request, response) -> {});
            try (EmbeddedContainer container = kind.start(withHttp2(Shape.addAll(app, root, length)))) {
                send(container, "OPTIONS", "/upgrade");
                HttpResponse<byte[]> whole = send(container, "GET", Shape.FILE.path());
                assertThat(whole.statusCode()).isEqualTo(200);
                assertThat(Bytes.sha256(whole.body())).isEqualTo(Bytes.sha256(0, length));
                HttpResponse<byte[]> part = send(container, "GET", Shape.FILE.path(), "Range", "bytes=1000001-");
                assertThat(part.statusCode()).isEqualTo(206);
                assertThat(Bytes.sha256(part.body())).isEqualTo(Bytes.sha256(1_000_001, length - 1_000_001L));
            }
        }
    }

    @ParameterizedTest(name = "P45 {0}")
    @ContainerSource
    @DisplayName("P45 answers without content are that")
    void bodiless(ContainerKind kind) throws IOException, InterruptedException {
        try (EmbeddedContainer container = start(kind)) {
            for (Shape shape : Shape.values()) {
                HttpResponse<byte[]> head = send(container, "HEAD", shape.path(), "Range", "bytes=0-1");
                assertThat(head.statusCode()).isEqualTo(200);
                assertThat(head.headers().firstValue("content-length")).contains("" + LENGTH);
                String tag = head.headers().firstValue("etag").orElseThrow();

                HttpResponse<byte[]> known = send(container, "GET", shape.path(), "If-None-Match", tag);
                assertThat(known.statusCode()).as("%s", shape).isEqualTo(304);
                assertThat(known.headers().firstValue("etag")).contains(tag);
                HttpResponse<byte[]> refused = send(container, "GET", shape.path(), "Range", "bytes=3000000-");
                assertThat(refused.statusCode()).isEqualTo(416);
                assertThat(refused.headers().firstValue("content-range")).contains("bytes */3000000");
                assertThat(send(container, "GET", shape.path(), "If-Match", "\"x\"")
                                .statusCode())
                        .isEqualTo(412);
            }
        }
    }

    @ParameterizedTest(name = "P45 P47 {0}")
    @ContainerSource
    @DisplayName("P45 P47 non-blocking applications, kept or not")
    void pushed(ContainerKind kind) throws IOException, InterruptedException {
        try (EmbeddedContainer container = start(kind)) {
            HttpResponse<byte[]> part = send(container, "GET", "/pushed", "Range", "bytes=100-199");
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Bytes.slice(100, 100));
            for (String path : new String[] {"/pushed", "/pushed-untouched"}) {
                byte[] whole = send(container, "GET", path).body();
                assertThat(Bytes.sha256(whole)).as(path).isEqualTo(Bytes.sha256(0, LENGTH));
            }
            assertThat(failures).hasValue(0);
        }
    }

    @ParameterizedTest(name = "P43 P45 {0}")
    @ContainerSource
    @DisplayName("P43 P45 there is no Transfer-Encoding, whatever the application sets (RFC 9113 §8.2.2)")
    void hopByHop(ContainerKind kind) throws IOException, InterruptedException {
        try (EmbeddedContainer container = start(kind)) {
            HttpResponse<byte[]> got = send(container, "GET", "/hop-by-hop", "Range", "bytes=0-9");
            assertThat(got.statusCode()).isEqualTo(206);
            assertThat(got.body()).isEqualTo(Bytes.pattern(10));
        }
    }

    @ParameterizedTest(name = "P45 {0}")
    @ContainerSource
    @DisplayName("P45 a body that stays short of its length never looks whole (RFC 9113 §8.1.1)")
    void shortBody(ContainerKind kind) throws IOException, InterruptedException {
        try (EmbeddedContainer container = start(kind)) {
            try {
                HttpResponse<byte[]> got = send(container, "GET", "/short");
                // This client hands out what others take for a stream error.
                assertThat(got.headers().firstValueAsLong("content-length").orElseThrow())
                        .isNotEqualTo(got.body().length);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("RST_STREAM");
            }
            assertThat(send(container, "GET", "/shape.bin").statusCode()).isEqualTo(200);
        }
    }
}
