// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P2, P59: includes. */
@DisplayName("includes:")
final class IncludePitfallsTest {

    @TempDir
    private Path root;

    /** A page with a file or a servlet in its middle. */
    private TwinApp page() throws IOException {
        Files.writeString(root.resolve("small.txt"), "0123456789");
        Bytes.write(root.resolve("large.bin"), 100_000);
        return TwinApp.of("/page/*", (request, response, journal) -> {
                    response.setHeader("X-Page", "1");
                    response.getOutputStream().print("<<<");
                    journal.attempt(
                            "include",
                            () -> request.getRequestDispatcher(request.getPathInfo())
                                    .include(request, response));
                    journal.note("status", response.getStatus());
                    journal.note("in part", response.getHeader("X-Part"));
                    response.setHeader("X-After", "1");
                    response.getOutputStream().print(">>>");
                })
                .with(web -> web.documentRoot(root));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P2 a file in the middle of a page has no tag and no range of its own, the page has")
    void file(ContainerKind kind) throws IOException {
        try (Twins twins = page().start(kind)) {
            RawResponse small = twins.assertAlike("/page/small.txt");
            assertThat(small.bodyText()).isEqualTo("<<<0123456789>>>");
            assertThat(small.field("ETag")).get().asString().startsWith("\"c.");

            RawResponse part = twins.get("/page/small.txt", "Range: bytes=2-4").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Range")).contains("bytes 2-4/16");
            assertThat(part.bodyText()).isEqualTo("<01");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P59 the length and date of an included file are not those of the page, however large it is")
    void largeFile(ContainerKind kind) throws IOException {
        try (Twins twins = page().start(kind)) {
            RawResponse large = twins.assertAlike("/page/large.bin");
            assertThat(large.bodyLength()).isEqualTo(100_006);
            assertThat(large.field("Last-Modified")).isEmpty();
            assertThat(twins.get("/page/large.bin", "Range: bytes=-5").body())
                    .containsExactly(Bytes.at(99_998), Bytes.at(99_999), '>', '>', '>');
            // The date of the file is none of the page's validators.
            assertThat(twins.get("/page/large.bin", "If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P2 fields, status, type, length and cookies that a part sets change nothing")
    void fields(ContainerKind kind) throws IOException {
        TwinApp app = page().servlet("/part", (request, response, journal) -> {
            response.setHeader("X-Part", "1");
            response.addHeader("ETag", "\"part\"");
            response.setDateHeader("Last-Modified", 1_000_000_000_000L);
            response.setIntHeader("Content-Length", 4);
            response.setContentLengthLong(4);
            response.setContentLength(4);
            response.setContentType("image/png");
            response.setStatus(404);
            response.addCookie(new Cookie("part", "1"));
            response.getOutputStream().print("part");
        });
        try (Twins twins = app.start(kind)) {
            RawResponse response = twins.assertAlike("/page/part");
            assertThat(response.bodyText()).isEqualTo("<<<part>>>");
            assertThat(response.field("ETag")).get().asString().startsWith("\"c.");
            assertThat(response.field("Last-Modified")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P2 sendError, sendRedirect, reset and resetBuffer of a part act as without the filter; Undertow"
            + " alone empties the buffer by reset() and sendRedirect() there")
    void noOperations(ContainerKind kind) throws IOException {
        TwinApp app = page().servlet("/error", (request, response, journal) -> {
                    journal.attempt("error", () -> response.sendError(404));
                    journal.note("committed", response.isCommitted());
                    response.getOutputStream().print("part");
                })
                .servlet("/redirect", (request, response, journal) -> {
                    journal.attempt("redirect", () -> response.sendRedirect("/elsewhere"));
                    response.getOutputStream().print("part");
                })
                .servlet("/reset", (request, response, journal) -> {
                    journal.attempt("reset", response::reset);
                    response.getOutputStream().print("part");
                })
                .servlet("/resetBuffer", (request, response, journal) -> {
                    journal.attempt("resetBuffer", response::resetBuffer);
                    response.getOutputStream().print("part");
                });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/page/error");
            twins.assertAlike("/page/resetBuffer");
            for (String path : new String[] {"/page/reset", "/page/redirect"}) {
                if (kind == ContainerKind.UNDERTOW) {
                    RawResponse response = twins.get(path).assertComplete();
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.bodyText()).endsWith("part>>>");
                } else {
                    twins.assertAlike(path);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P2 a part that flushes or takes the other output; only Undertow lets fields be set after a flush in a part")
    void outputs(ContainerKind kind) throws IOException {
        TwinApp app = page().servlet("/flush", (request, response, journal) -> {
                    response.getOutputStream().print("part");
                    response.flushBuffer();
                })
                .servlet("/writer", (request, response, journal) -> {
                    journal.attempt("writer", () -> response.getWriter().print("part"));
                })
                .servlet("/nested", (request, response, journal) -> {
                    request.getRequestDispatcher("/small.txt").include(request, response);
                    response.setHeader("X-Part", "nested");
                    response.getOutputStream().print("!");
                });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/page/writer");
            twins.assertAlike("/page/nested");
            if (kind == ContainerKind.UNDERTOW) {
                assertThat(twins.get("/page/flush").assertComplete().bodyText()).isEqualTo("<<<part>>>");
            } else {
                twins.assertAlike("/page/flush");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P59 a writer taken in the part, the page's own fields after it and a missing part")
    void writerPage(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/page", (request, response, journal) -> {
                    response.setContentType("text/plain");
                    response.setCharacterEncoding("UTF-8");
                    request.getRequestDispatcher("/part").include(request, response);
                    journal.attempt(
                            "missing",
                            () -> request.getRequestDispatcher("/no-such").include(request, response));
                    response.setHeader("X-After", "1");
                    response.getWriter().print("\u20ac");
                })
                .servlet("/part", (request, response, journal) -> {
                    response.setContentType("text/html;charset=ISO-8859-1");
                    response.getWriter().print("\u00e4");
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/page").bodyText()).isEqualTo("\u00e4\u20ac");
        }
    }
}
