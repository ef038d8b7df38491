// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P17: reset and resetBuffer. */
@DisplayName("resets:")
final class ResetPitfallsTest {

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P17 reset() clears fields, status, type, charset, length and own tag, also those set by another filter")
    void reset(ContainerKind kind) throws IOException {
        Filter outer = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("X-Outer", "1");
            chain.doFilter(request, response);
        };
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
                    response.setStatus(404);
                    response.setHeader("X-Void", "1");
                    response.setHeader("ETag", "\"void\"");
                    response.setHeader("Content-Encoding", "gzip");
                    response.setDateHeader("Last-Modified", 0);
                    response.setContentLength(500);
                    response.setContentType("text/html;charset=UTF-8");
                    response.setLocale(Locale.GERMAN);
                    response.getOutputStream().print("void-void");
                    response.reset();
                    journal.note("status", response.getStatus());
                    journal.note("type", response.getContentType());
                    journal.note("charset", response.getCharacterEncoding());
                    journal.note("outer", response.getHeader("X-Outer"));
                    journal.note("tag", response.getHeader("ETag"));
                    journal.note("length", response.containsHeader("Content-Length"));
                    response.getOutputStream().print("0123456789");
                })
                .with(web -> web.filter(FilterEntry.of("outer", outer, "/*").async()));
        try (Twins twins = app.start(kind)) {
            RawResponse response = twins.assertAlike("/x");
            assertThat(response.bodyText()).isEqualTo("0123456789");
            assertThat(response.field("ETag")).get().asString().startsWith("\"c.");
            assertThat(response.field("Last-Modified")).isEmpty();
            assertThat(twins.get("/x", "Range: bytes=5-6").bodyText()).isEqualTo("56");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P17 reset() frees the choice of the output, resetBuffer() does not")
    void outputs(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/writer-reset-stream", (request, response, journal) -> {
                    response.getWriter().print("void");
                    response.reset();
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/stream-reset-writer", (request, response, journal) -> {
                    response.getOutputStream().print("void");
                    response.reset();
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().print("\u00e4123456789");
                })
                .servlet("/writer-resetBuffer-stream", (request, response, journal) -> {
                    response.getWriter().print("void");
                    response.resetBuffer();
                    journal.attempt("stream", response::getOutputStream);
                    response.getWriter().print("0123456789");
                })
                .servlet("/stream-resetBuffer-writer", (request, response, journal) -> {
                    response.getOutputStream().print("void");
                    response.resetBuffer();
                    journal.attempt("writer", response::getWriter);
                    response.getOutputStream().print("0123456789");
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {
                "/writer-reset-stream",
                "/stream-reset-writer",
                "/writer-resetBuffer-stream",
                "/stream-resetBuffer-writer"
            }) {
                assertThat(twins.assertAlike(path).bodyText()).as(path).endsWith("123456789");
                assertThat(twins.get(path, "Range: bytes=-2").bodyText())
                        .as(path)
                        .isEqualTo("89");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P17 resetBuffer() keeps fields, status and type, and drops bytes, also those that an encoder holds")
    void resetBuffer(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    response.setStatus(201);
                    response.setHeader("X-Kept", "1");
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getOutputStream().print("void");
                    response.resetBuffer();
                    response.getOutputStream().print("body");
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.setHeader("ETag", "\"own\"");
                    response.getWriter().print("void\u20ac");
                    response.resetBuffer();
                    response.getWriter().print("\u00e4body");
                    response.resetBuffer();
                    response.getWriter().print("\u20acbody");
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertIdentical("/stream").bodyText()).isEqualTo("body");
            RawResponse writer = twins.assertAlike("/writer");
            assertThat(writer.bodyText()).isEqualTo("\u20acbody");
            assertThat(writer.field("ETag")).contains("\"own\"");
        }
    }
}
