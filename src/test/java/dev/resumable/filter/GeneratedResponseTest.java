// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Framing;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Responses of unknown length, without any validator of the application's own. */
@DisplayName("a generated response")
final class GeneratedResponseTest {

    private static final int LENGTH = 1_000_000;

    private static void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        response.flushBuffer();
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(response.getOutputStream());
        }
    }

    private static void streamLater(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        new Thread(() -> {
                    try {
                        stream(request, (HttpServletResponse) async.getResponse());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    } finally {
                        async.complete();
                    }
                })
                .start();
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/bytes", GeneratedResponseTest::stream)
                .servlet("/async", GeneratedResponseTest::streamLater)
                .servlet("/small", (request, response) -> response.getWriter().print("0123456789"))
                .app());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has a strong tag, a length and ranges")
    void whole(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/bytes", "/async"}) {
                RawResponse response = container.get(path).assertComplete();

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
                assertThat(response.field("Content-Length")).contains("" + LENGTH);
                assertThat(response.field("Accept-Ranges")).contains("bytes");
                assertThat(response.field("ETag")).get().asString().startsWith("\"c.");
                assertThat(response.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("answers one range with exactly its bytes (RFC 9110 §15.3.7.1)")
    void onePart(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String path : new String[] {"/bytes", "/async"}) {
                RawResponse response = client.get(path, "Range: bytes=999990-").assertComplete();

                assertThat(response.status()).isEqualTo(206);
                assertThat(response.field("Content-Range")).contains("bytes 999990-999999/1000000");
                assertThat(response.field("Content-Length")).contains("10");
                assertThat(response.body()).isEqualTo(Bytes.slice(999_990, 10));
                client.assertNothingFollows(Duration.ofMillis(50));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("answers several ranges as multipart in the order asked (RFC 9110 §15.3.7.2)")
    void parts(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse response =
                    container.get("/bytes", "Range: bytes=500-509, 0-4, -3").assertComplete();

            assertThat(response.status()).isEqualTo(206);
            MultipartBody body = MultipartBody.of(response);
            assertThat(body.parts()).hasSize(3);
            assertThat(body.parts().get(0).field("Content-Range")).contains("bytes 500-509/1000000");
            assertThat(body.parts().get(0).field("Content-Type")).contains("application/octet-stream");
            assertThat(body.parts().get(0).body()).isEqualTo(Bytes.slice(500, 10));
            assertThat(body.parts().get(1).body()).isEqualTo(Bytes.slice(0, 5));
            assertThat(body.parts().get(2).body()).isEqualTo(Bytes.slice(LENGTH - 3, 3));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is revalidated, resumed and refused by its tag (RFC 9110 §13.2.2)")
    void conditions(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            String tag = client.get("/bytes").field("ETag").orElseThrow();

            RawResponse notModified =
                    client.get("/bytes", "If-None-Match: " + tag).assertComplete();
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.field("ETag")).contains(tag);
            assertThat(notModified.field("Content-Type")).isEmpty();
            client.assertNothingFollows(Duration.ofMillis(50));

            assertThat(client.get("/bytes", "Range: bytes=0-0", "If-Range: " + tag)
                            .status())
                    .isEqualTo(206);
            assertThat(client.get("/bytes", "Range: bytes=0-0", "If-Range: \"other\"")
                            .status())
                    .isEqualTo(200);
            assertThat(client.get("/bytes", "If-Match: \"other\"").status()).isEqualTo(412);

            RawResponse refused = client.get("/bytes", "Range: bytes=1000000-").assertComplete();
            assertThat(refused.status()).isEqualTo(416);
            assertThat(refused.field("Content-Range")).contains("bytes */1000000");
            assertThat(refused.field("Content-Length")).contains("0");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has the same head for HEAD and ignores its Range (RFC 9110 §9.3.2, §14.2)")
    void head(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String path : new String[] {"/bytes", "/async", "/small"}) {
                RawResponse get = client.get(path).assertComplete();
                RawResponse head = client.head(path, "Range: bytes=0-0").assertComplete();

                assertThat(head.status()).isEqualTo(200);
                for (String field : new String[] {"ETag", "Content-Length", "Content-Type", "Accept-Ranges"}) {
                    assertThat(head.field(field)).as(field).isEqualTo(get.field(field));
                }
                client.assertNothingFollows(Duration.ofMillis(50));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("may come from a writer that is never flushed")
    void writer(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse response = container.get("/small", "Range: bytes=2-4").assertComplete();

            assertThat(response.status()).isEqualTo(206);
            assertThat(response.bodyText()).isEqualTo("234");
        }
    }
}
