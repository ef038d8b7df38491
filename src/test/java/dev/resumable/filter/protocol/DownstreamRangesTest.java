// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P30: applications that answer ranges and conditions on their own pass as they are; no second cut. */
@DisplayName("an application with ranges of its own")
final class DownstreamRangesTest {

    private static final String MULTIPART =
            "--own\r\nContent-Range: bytes 0-0/9\r\n\r\na\r\n--own\r\nContent-Range: bytes 2-2/9\r\n\r\nc\r\n--own--\r\n";

    private static void part(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(206);
        response.setHeader("Content-Range", "bytes 100-199/1000");
        response.setHeader("ETag", "\"own\"");
        response.setContentLength(100);
        response.getOutputStream().write(Bytes.slice(100, 100));
    }

    private static void parts(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(206);
        response.setContentType("multipart/byteranges; boundary=own");
        response.getOutputStream().print(MULTIPART);
    }

    private static void unsatisfied(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(416);
        response.setHeader("Content-Range", "bytes */1000");
        response.setHeader("ETag", "\"own\"");
    }

    /** Answers a known tag cheaply, without making the body. */
    private static void revalidated(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("ETag", "\"v1\"");
        if ("\"v1\"".equals(request.getHeader("If-None-Match"))) {
            response.setStatus(304);
            return;
        }
        response.getOutputStream().write(Bytes.pattern(1000));
    }

    /** Tells what it was asked. */
    private static void asked(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String name : new String[] {"Range", "If-Range", "If-Match", "If-Unmodified-Since", "If-Modified-Since"}) {
            seen.append(request.getHeader(name)).append(request.getHeaders(name).hasMoreElements());
            seen.append(request.getDateHeader(name));
        }
        request.getHeaderNames().asIterator().forEachRemaining(name -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith("if-") || name.equalsIgnoreCase("range")) {
                seen.append(name);
            }
        });
        response.getWriter().print(seen);
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/part", DownstreamRangesTest::part)
                .servlet("/parts", DownstreamRangesTest::parts)
                .servlet("/unsatisfied", DownstreamRangesTest::unsatisfied)
                .servlet("/revalidated", DownstreamRangesTest::revalidated)
                .servlet("/asked", DownstreamRangesTest::asked)
                .app());
    }

    @ParameterizedTest(name = "P30 {0}")
    @ContainerSource
    @DisplayName("P30 its 206 is not cut again")
    void ownPart(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String line : new String[] {"Accept: */*", "Range: bytes=100-199", "Range: bytes=0-9,20-29"}) {
                RawResponse got = container.get("/part", line).assertComplete();
                assertThat(got.status()).isEqualTo(206);
                assertThat(got.field("Content-Range")).contains("bytes 100-199/1000");
                assertThat(got.field("Content-Length")).contains("100");
                assertThat(got.field("ETag")).contains("\"own\"");
                assertThat(got.field("Accept-Ranges")).isEmpty();
                assertThat(got.body()).isEqualTo(Bytes.slice(100, 100));
            }
        }
    }

    @ParameterizedTest(name = "P30 {0}")
    @ContainerSource
    @DisplayName("P30 its multipart/byteranges is not cut again")
    void ownParts(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse got = container.get("/parts", "Range: bytes=0-0,2-2").assertComplete();
            assertThat(got.status()).isEqualTo(206);
            assertThat(got.bodyText()).isEqualTo(MULTIPART);
            assertThat(got.field("ETag")).isEmpty();
        }
    }

    @ParameterizedTest(name = "P30 {0}")
    @ContainerSource
    @DisplayName("P30 its 416 keeps its fields")
    void ownRefusal(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse got =
                    container.get("/unsatisfied", "Range: bytes=1000-").assertComplete();
            assertThat(got.status()).isEqualTo(416);
            assertThat(got.field("Content-Range")).contains("bytes */1000");
            assertThat(got.field("ETag")).contains("\"own\"");
        }
    }

    @ParameterizedTest(name = "P30 {0}")
    @ContainerSource
    @DisplayName("P30 its 304 for its own tag goes on working, beside ranges of ours")
    void ownRevalidation(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse known = container
                    .get("/revalidated", "If-None-Match: \"v1\"", "Range: bytes=0-9")
                    .assertComplete();
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.field("ETag")).contains("\"v1\"");

            RawResponse part = container
                    .get("/revalidated", "Range: bytes=10-19", "If-Range: \"v1\"", "If-None-Match: \"v0\"")
                    .assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("ETag")).contains("\"v1\"");
            assertThat(part.body()).isEqualTo(Bytes.slice(10, 10));
            // RFC 9110 §13.2.2: what it knows of the tag does not matter if the client relies on another state.
            for (String[] lines : new String[][] {
                {"If-Match: \"v0\""},
                {"If-Match: \"v0\"", "If-None-Match: \"v1\""},
                {"If-None-Match: \"v1\"", "If-Match: v1"}
            }) {
                assertThat(container.get("/revalidated", lines).status()).isEqualTo(412);
            }
            assertThat(container
                            .get("/revalidated", "If-Match: \"v1\"", "If-None-Match: \"v1\"")
                            .status())
                    .isEqualTo(304);
        }
    }

    @ParameterizedTest(name = "P30 {0}")
    @ContainerSource
    @DisplayName("P30 an application is not shown what is answered here, by any method of the request")
    void hidden(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse got = container
                    .get(
                            "/asked",
                            "range: bytes=0-9999",
                            "IF-RANGE: Sat, 01 Jan 2022 00:00:00 GMT",
                            "If-Unmodified-Since: Sat, 01 Jan 2022 00:00:00 GMT",
                            "If-Modified-Since: not a date")
                    .assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.bodyText()).isEqualTo("nullfalse-1".repeat(5));
        }
    }
}
