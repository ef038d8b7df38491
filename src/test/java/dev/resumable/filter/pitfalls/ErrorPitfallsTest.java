// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P20, P21 and error pages. */
@DisplayName("errors and redirects:")
final class ErrorPitfallsTest {

    private static final String[] CONDITIONS = {
        "Range: bytes=0-1", "If-None-Match: *", "If-Modified-Since: Fri, 31 Dec" + " 2100 23:59:59 GMT"
    };

    private static TwinApp errors() {
        return TwinApp.of("/sendError", (request, response, journal) -> {
                    response.setContentLength(77);
                    response.getOutputStream().print("void");
                    response.sendError(416, "on purpose");
                    journal.note("committed", response.isCommitted());
                    journal.note("status", response.getStatus());
                })
                .servlet("/status", (request, response, journal) -> response.sendError(404))
                .servlet("/exception", (request, response, journal) -> {
                    response.setContentLength(77);
                    response.getWriter().print("void");
                    throw new IllegalStateException("on purpose");
                })
                .servlet("/servletException", (request, response, journal) -> {
                    throw new ServletException("on purpose", new IOException("cause"));
                });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P20 sendError() after a declared length and bytes: the error page is whole and has none of them")
    void withoutPages(ContainerKind kind) throws IOException {
        TwinApp app = errors().servlet("/coded", (request, response, journal) -> {
            response.setHeader("Content-Encoding", "gzip");
            response.setHeader("ETag", "\"void\"");
            response.setContentLength(77);
            response.setHeader("Content-Range", "bytes */1000");
            response.sendError(416);
        });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/status");
            for (String path : new String[] {"/sendError", "/coded"}) {
                RawResponse response = twins.get(path, CONDITIONS).assertComplete();
                assertThat(response.status()).as(path).isEqualTo(416);
                assertThat(response.bodyLength()).as(path).isNotEqualTo(77);
                assertThat(response.bodyText()).as(path).doesNotContain("void");
                assertThat(response.field("Content-Encoding")).as(path).isEmpty();
            }
            if (!kind.isJetty()) {
                // Jetty's sendError withdraws it, with the filter or without.
                assertThat(twins.get("/coded").field("Content-Range")).contains("bytes */1000");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P20 error pages by status and by exception see the same and are whole, whatever range was asked for")
    void pages(ContainerKind kind) throws IOException {
        TwinApp app = errors().servlet("/page", (request, response, journal) -> {
                    journal.note("type", request.getDispatcherType());
                    journal.note("code", request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
                    journal.note("uri", request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
                    journal.note("exception", request.getAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE));
                    response.setContentType("text/plain");
                    response.getWriter().print("the error page");
                })
                .servlet("/forwarding", (request, response, journal) -> {
                    request.getRequestDispatcher("/page").forward(request, response);
                })
                .with(web -> web.errorPage(416, "/page")
                        .errorPage(404, "/forwarding")
                        .errorPage(IllegalStateException.class, "/page")
                        .errorPage(ServletException.class, "/forwarding"));
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/sendError", "/status", "/exception", "/missing"}) {
                for (String[] lines : new String[][] {{}, CONDITIONS}) {
                    RawResponse response = twins.assertAlike(path, lines);
                    assertThat(response.status()).as(path).isGreaterThanOrEqualTo(400);
                    assertThat(response.bodyText()).as(path).isEqualTo("the error page");
                    assertThat(response.field("ETag")).as(path).isEmpty();
                    assertThat(response.field("Accept-Ranges")).as(path).isEmpty();
                }
                RawResponse head = twins.filtered(RawRequest.head(path)).assertComplete();
                assertThat(head.status()).as(path).isGreaterThanOrEqualTo(400);
            }
            twins.assertAlike("/servletException");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P21 a redirect drops the body so far, keeps Location, is a commit, and ignores what is written after it")
    void redirect(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    response.setHeader("X-Kept", "1");
                    response.getOutputStream().print("void-void-");
                    response.sendRedirect("elsewhere?a=b");
                    journal.note("committed", response.isCommitted());
                    journal.note("status", response.getStatus());
                    journal.attempt("again", () -> response.sendRedirect("/third"));
                    journal.attempt("error", () -> response.sendError(500));
                    response.setHeader("X-Late", "1");
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.getWriter().print("void-void-");
                    response.sendRedirect("http://other.test/");
                })
                .servlet("/length", (request, response, journal) -> {
                    response.setContentLength(500);
                    response.sendRedirect("/elsewhere");
                })
                .servlet("/flushed", (request, response, journal) -> {
                    response.getOutputStream().print("body");
                    response.flushBuffer();
                    journal.attempt("redirect", () -> response.sendRedirect("/elsewhere"));
                });
        try (Twins twins = app.start(kind)) {
            RawResponse stream = twins.assertAlike("/stream", CONDITIONS);
            assertThat(stream.status()).isEqualTo(302);
            assertThat(stream.field("Location")).get().asString().endsWith("elsewhere?a=b");
            assertThat(stream.bodyText()).doesNotContain("void");
            twins.assertAlike("/writer");
            twins.assertAlike("/flushed");
            assertThat(twins.get("/length").assertComplete().status()).isEqualTo(302);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P21 what is written after sendError() or sendRedirect() goes nowhere")
    void writtenAfter(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/error", (request, response, journal) -> {
                    response.sendError(404);
                    response.getOutputStream().write(new byte[100_000]);
                    response.flushBuffer();
                })
                .servlet("/redirect", (request, response, journal) -> {
                    response.sendRedirect("/elsewhere");
                    response.getWriter().print("late");
                    response.getWriter().flush();
                });
        try (Twins twins = app.start(kind)) {
            RawResponse error = twins.get("/error").assertComplete();
            assertThat(error.status()).isEqualTo(404);
            assertThat(error.bodyLength()).isLessThan(100_000);
            RawResponse redirect = twins.get("/redirect").assertComplete();
            assertThat(redirect.status()).isEqualTo(302);
            assertThat(redirect.bodyText()).doesNotContain("late");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P21 fields that are set after sendError() are taken where the container takes them: Jetty and Undertow")
    void fieldsAfter(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/error", (request, response, journal) -> {
                    response.sendError(404);
                    response.setHeader("X-Late", "1");
                })
                .servlet(
                        "/page",
                        (request, response, journal) -> response.getWriter().print("the error page"))
                .with(web -> web.errorPage(404, "/page"));
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/error");
        }
    }
}
