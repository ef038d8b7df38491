// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P27, P29, P30: statuses that are not 200, partial answers of the application's own, trailers. */
@DisplayName("other answers than a plain 200:")
final class StatusPitfallsTest {

    private static final String[] CONDITIONS = {"Range: bytes=0-1", "If-Match: \"other\""};

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P27 204, 205 and 304 of the application, and any other status, pass unchanged, own validators and all")
    void passThrough(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
                    response.setStatus(Integer.parseInt(request.getQueryString()));
                    response.setHeader("ETag", "\"own\"");
                    response.setDateHeader("Last-Modified", 1_000_000_000_000L);
                    response.setHeader("Accept-Ranges", "none");
                    response.setHeader("Content-Encoding", "x-own");
                    response.setHeader("Cache-Control", "max-age=5");
                })
                .servlet("/body", (request, response, journal) -> {
                    response.setStatus(Integer.parseInt(request.getQueryString()));
                    response.setHeader("ETag", "W/\"own\"");
                    response.setContentType("text/plain");
                    response.getWriter().print("0123456789");
                });
        try (Twins twins = app.start(kind)) {
            for (int status : new int[] {201, 202, 203, 204, 205, 304, 404, 410, 418, 500, 503}) {
                twins.assertIdentical("/x?" + status);
                twins.assertIdentical("/x?" + status, CONDITIONS);
                twins.assertIdentical("/body?" + status);
                twins.assertIdentical("/body?" + status, CONDITIONS);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P27 a 304 of ours has the fields of the 200, without those of the content, and its true length if any")
    void notModified(ContainerKind kind) throws IOException {
        Map<String, String> kept = Map.of(
                "Cache-Control", "max-age=5",
                "Vary", "Accept",
                "Content-Location", "/other",
                "Expires", "Thu, 01 Jan 2099 00:00:00 GMT",
                "Set-Cookie", "a=b");
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            kept.forEach(response::setHeader);
            response.setContentType("text/plain;charset=UTF-8");
            response.setLocale(Locale.GERMAN);
            response.getOutputStream().print("0123456789");
        });
        try (Twins twins = app.start(kind)) {
            String tag = twins.get("/x").field("ETag").orElseThrow();
            for (RawRequest request : List.of(
                    RawRequest.get("/x", "If-None-Match: " + tag), RawRequest.head("/x", "If-None-Match: " + tag))) {
                RawResponse response = twins.filtered(request).assertComplete();
                assertThat(response.status()).isEqualTo(304);
                kept.forEach((name, value) ->
                        assertThat(response.field(name)).as(name).contains(value));
                assertThat(response.field("ETag")).contains(tag);
                assertThat(response.field("Date")).isPresent();
                assertThat(response.field("Content-Type")).isEmpty();
                assertThat(response.field("Content-Language")).isEmpty();
                // RFC 9110 §8.6: no length, or that of the 200.
                assertThat(response.field("Content-Length").orElse("10")).isEqualTo("10");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P30 an application that answers ranges itself is not ranged again")
    void ownRanges(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/206", (request, response, journal) -> {
                    response.setStatus(206);
                    response.setHeader("ETag", "\"own\"");
                    response.setHeader("Content-Range", "bytes 5-14/100");
                    response.setContentLength(10);
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/416", (request, response, journal) -> {
                    response.setStatus(416);
                    response.setHeader("Content-Range", "bytes */100");
                })
                .servlet("/multipart", (request, response, journal) -> {
                    response.setStatus(206);
                    response.setContentType("multipart/byteranges; boundary=B");
                    response.getOutputStream().print("--B\r\nContent-Range: bytes 0-0/2\r\n\r\nx\r\n--B--\r\n");
                })
                .servlet("/200", (request, response, journal) -> {
                    // Content-Range on a 200 means nothing (RFC 9110 §14.4), but its author has ranges in mind.
                    response.setHeader("Content-Range", "bytes 0-9/10");
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/multipart200", (request, response, journal) -> {
                    response.setContentType("multipart/byteranges; boundary=B");
                    response.getOutputStream().print("--B\r\nContent-Range: bytes 0-0/2\r\n\r\nx\r\n--B--\r\n");
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/206", "/416", "/multipart", "/200", "/multipart200"}) {
                twins.assertIdentical(path);
                twins.assertIdentical(path, CONDITIONS);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P29 trailers: the body goes out in chunks with them, without ranges and length")
    void trailers(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/before", (request, response, journal) -> {
                    journal.attempt(
                            "trailers", () -> response.setTrailerFields(() -> Map.of("X-Trailer", "at-the-end")));
                    response.setHeader("Trailer", "X-Trailer");
                    response.getOutputStream().write(new byte[50_000]);
                    journal.note("known", response.getTrailerFields() != null);
                })
                .servlet("/after", (request, response, journal) -> {
                    response.getOutputStream().print("0123456789");
                    journal.attempt(
                            "trailers", () -> response.setTrailerFields(() -> Map.of("X-Trailer", "at-the-end")));
                    response.flushBuffer();
                    response.getOutputStream().print("0123456789");
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/before", "/after"}) {
                for (String[] lines : new String[][] {{}, {"Range: bytes=0-1"}}) {
                    RawResponse response = twins.assertAlike(path, lines);
                    assertThat(response.status()).as(path).isEqualTo(200);
                    assertThat(response.framing()).as(path).isEqualTo(Framing.CHUNKED);
                    assertThat(response.trailers()).as(path).hasSize(1);
                    assertThat(response.trailers().get(0).value()).isEqualTo("at-the-end");
                    assertThat(response.field("Accept-Ranges")).as(path).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P29 trailers beside a declared length, and to a client of HTTP/1.0, end as without the filter; Undertow alone"
                    + " refuses them beside a length, of which it does not know yet")
    void trailersRefused(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/length", (request, response, journal) -> {
                    response.setContentLength(10);
                    journal.attempt(
                            "trailers", () -> response.setTrailerFields(() -> Map.of("X-Trailer", "at-the-end")));
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/old", (request, response, journal) -> {
                    journal.attempt(
                            "trailers", () -> response.setTrailerFields(() -> Map.of("X-Trailer", "at-the-end")));
                    response.getOutputStream().print("0123456789");
                });
        try (Twins twins = app.start(kind)) {
            RawResponse length = kind == ContainerKind.UNDERTOW
                    ? twins.assertAlikeOnTheWire("/length")
                    : twins.assertAlike("/length");
            assertThat(length.bodyText()).isEqualTo("0123456789");
            assertThat(twins.assertAlike(RawRequest.get("/old").http10()).bodyText())
                    .isEqualTo("0123456789");
        }
    }
}
