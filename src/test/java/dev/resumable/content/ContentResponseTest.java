// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ByteRange;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FieldLine;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** The door, used by a servlet with a representation of the application's own. */
@DisplayName("ContentResponse")
final class ContentResponseTest {

    private static final Instant CHANGED = Instant.parse("2020-02-03T04:05:06Z");
    private static final long LENGTH = 20_000_000_000L;

    /** A body too long for any memory, whose bytes are computed. */
    private record Computed(long length) implements Representation {

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"), CHANGED);
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("text/plain;charset=UTF-8");
        }

        @Override
        public InputStream open(ByteRange range) {
            return Bytes.stream(range.first(), range.length());
        }
    }

    /** Was changed at any time, also one that is still to come. */
    private record Dated(Instant changed) implements Representation {

        @Override
        public long length() {
            return 10;
        }

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"), changed);
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("text/plain");
        }

        @Override
        public InputStream open(ByteRange range) {
            return Bytes.stream(range.first(), range.length());
        }
    }

    /** Breaks its promise: every stream ends before its range does. */
    private record Short(long length) implements Representation {

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"));
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        public InputStream open(ByteRange range) {
            return Bytes.stream(range.first(), range.length() - 1);
        }
    }

    /** Leaves its type to the application. */
    private record Untyped(long length) implements Representation {

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"));
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        public InputStream open(ByteRange range) {
            return Bytes.stream(range.first(), range.length());
        }
    }

    /** Cannot be opened. */
    private record Unreadable(long length) implements Representation {

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"));
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        public InputStream open(ByteRange range) throws IOException {
            throw new IOException("the store is away");
        }
    }

    private static EmbeddedContainer start(ContainerKind kind, Representation representation) {
        return start(kind, representation, "max-age=60");
    }

    private static EmbeddedContainer start(ContainerKind kind, Representation representation, String cacheControl) {
        return kind.start(new WebApp()
                .servlet(
                        "content",
                        new HttpServlet() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            protected void service(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                response.setHeader("Cache-Control", cacheControl);
                                response.setHeader("Vary", "Cookie");
                                response.setHeader("Content-Location", "/v1");
                                response.setHeader("Content-Disposition", "attachment");
                                response.setHeader("Expires", "Fri, 01 Jan 2100 00:00:00 GMT");
                                ContentResponse.defaults().send(representation, request, response);
                            }
                        },
                        "/content"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("cuts at offsets far above 2^32")
    void farOffsets(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(LENGTH))) {
            RawResponse response =
                    container.get("/content", "Range: bytes=19999999990-").assertComplete();

            assertThat(response.status()).isEqualTo(206);
            assertThat(response.field("Content-Range")).contains("bytes 19999999990-19999999999/20000000000");
            assertThat(response.body()).isEqualTo(Bytes.slice(LENGTH - 10, 10));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("gives each part the Content-Type of the 200, and the length of all (RFC 9110 §15.3.7.2)")
    void multipart(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(1000))) {
            RawResponse first =
                    container.get("/content", "Range: bytes=900-,0-9").assertComplete();
            RawResponse second =
                    container.get("/content", "Range: bytes=900-,0-9").assertComplete();

            assertThat(first.field("Content-Range")).isEmpty();
            MultipartBody body = MultipartBody.of(first);
            assertThat(first.field("Content-Type").orElseThrow().replace(" ", ""))
                    .as("no charset of a part")
                    .isEqualTo("multipart/byteranges;boundary=" + body.boundary());
            assertThat(body.boundary()).isNotEqualTo(MultipartBody.of(second).boundary());
            assertThat(body.parts())
                    .extracting(part -> part.field("Content-Range").orElseThrow())
                    .containsExactly("bytes 900-999/1000", "bytes 0-9/1000");
            assertThat(body.parts())
                    .allSatisfy(part -> assertThat(part.field("Content-Type").orElseThrow())
                            .isEqualToIgnoringCase("text/plain;charset=UTF-8"));
            assertThat(body.parts().get(0).body()).isEqualTo(Bytes.slice(900, 100));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps on a 304 what guides a cache, and nothing that describes content (RFC 9110 §15.4.5)")
    void notModified(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(1000));
                RawClient client = container.connect()) {
            RawResponse response =
                    client.get("/content", "If-None-Match: W/\"v1\"").assertComplete();

            assertThat(response.status()).isEqualTo(304);
            for (String field : List.of("ETag", "Cache-Control", "Vary", "Content-Location", "Date")) {
                assertThat(response.field(field)).as(field).isPresent();
            }
            assertThat(response.field("Content-Type")).isEmpty();
            assertThat(response.field("Content-Length").orElse("1000")).isEqualTo("1000");
            client.assertNothingFollows(Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("says on an error nothing of what it would have sent, nor for how long that is fresh (RFC 9111 §3)")
    void errors(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(1000));
                RawClient client = container.connect()) {
            RawResponse failed = client.get("/content", "If-Match: \"v0\"").assertComplete();
            RawResponse unsatisfiable =
                    client.get("/content", "Range: bytes=1000-").assertComplete();

            assertThat(failed.status()).isEqualTo(412);
            assertThat(unsatisfiable.status()).isEqualTo(416);
            for (RawResponse response : List.of(failed, unsatisfiable)) {
                assertThat(response.lines())
                        .extracting(FieldLine::name)
                        .contains("Vary", "ETag")
                        .doesNotContain(
                                "Cache-Control",
                                "Expires",
                                "Content-Type",
                                "Content-Location",
                                "Content-Disposition",
                                "Last-Modified");
                assertThat(response.field("Content-Length")).contains("0");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("takes back of a part what is true of the whole alone, and nothing else that the application has said")
    void takenBack(ContainerKind kind) throws IOException {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.setHeader("Content-Digest", "sha-256=:AAAA:");
                response.setHeader("Vary", "Cookie");
                response.setContentType("text/html;charset=ISO-8859-2");
                ContentResponse.defaults().send(new Untyped(1000), request, response);
            }
        };
        try (EmbeddedContainer container = kind.start(new WebApp().servlet("content", servlet, "/content"))) {
            RawResponse part = container.get("/content", "Range: bytes=0-9").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Digest")).isEmpty();
            assertThat(part.fields("Vary")).containsExactly("Cookie");
            assertThat(part.field("Content-Type").orElse("")).isEqualToIgnoringCase("text/html;charset=ISO-8859-2");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("says on an error that nobody may store it, if nobody may store what it would have sent")
    void unstorableErrors(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(1000), "private, No-Store, max-age=0");
                RawClient client = container.connect()) {
            for (String line : new String[] {"If-Match: \"v0\"", "Range: bytes=1000-"}) {
                RawResponse refused = client.get("/content", line).assertComplete();
                assertThat(refused.status()).isIn(412, 416);
                assertThat(refused.fields("Cache-Control")).containsExactly("no-store");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("never says that it was changed after it was sent (RFC 9110 §8.8.2.1)")
    void changedInTheFuture(ContainerKind kind) throws IOException {
        Instant future = Instant.now().plus(Duration.ofDays(400));
        try (EmbeddedContainer container = start(kind, new Dated(future));
                RawClient client = container.connect()) {
            for (RawResponse response : List.of(
                    client.get("/content"), client.head("/content"), client.get("/content", "Range: bytes=0-4"))) {
                assertThat(response.field("Last-Modified"))
                        .as("%s", response)
                        .isPresent()
                        .isEqualTo(response.field("Date"));
            }
            // The date that it had to send is that of no state.
            String sent = client.get("/content").field("Last-Modified").orElseThrow();
            assertThat(client.get("/content", "Range: bytes=0-4", "If-Range: " + sent)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("takes a date for If-Range only if it is exactly the last modification (RFC 9110 §13.1.5)")
    void ifRangeDate(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Computed(1000))) {
            assertThat(container
                            .get("/content", "Range: bytes=0-1", "If-Range: Mon, 03 Feb 2020 04:05:06 GMT")
                            .status())
                    .isEqualTo(206);
            assertThat(container
                            .get("/content", "Range: bytes=0-1", "If-Range: Mon, 03 Feb 2020 04:05:07 GMT")
                            .status())
                    .isEqualTo(200);
            assertThat(container
                            .get("/content", "Range: bytes=0-1", "If-Range: W/\"v1\"")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("never lets a body that ended early look complete")
    void endedEarly(ContainerKind kind) throws IOException {
        for (long length : new long[] {10, 100_000}) {
            try (EmbeddedContainer container = start(kind, new Short(length));
                    RawClient client = container.connect()) {
                RawResponse response = client.get("/content");

                assertThat(response.status() == 500 || response.completion() == Completion.TRUNCATED)
                        .as(response.toString())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("answers a store that fails with an error page that carries nothing of the representation")
    void unreadable(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Unreadable(1000))) {
            RawResponse response = container.get("/content").assertComplete();

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.field("ETag")).isEmpty();
            assertThat(response.field("Accept-Ranges")).isEmpty();
        }
    }
}
