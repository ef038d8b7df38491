// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P38, P39: error pages, by dispatch, by exception and by status. */
@DisplayName("an error page")
final class ErrorTest {

    private static final String PAGE = "<p>Something failed; this page is whole.</p>";

    @TempDir
    private Path root;

    @BeforeEach
    void writePage() throws IOException {
        Files.writeString(root.resolve("static.html"), PAGE);
    }

    /** Sets what must not survive, writes a little, and fails in the way that the path names. */
    private static void fail(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("ETag", "\"failed\"");
        response.setHeader("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT");
        response.setHeader("Content-Encoding", "gzip");
        response.setContentLength(77);
        response.getOutputStream().write(Bytes.pattern(7));
        switch (String.valueOf(request.getPathInfo())) {
            case "/checked" -> throw new ServletException("thrown on purpose");
            case "/runtime" -> throw new IllegalStateException("thrown on purpose");
            case "/io" -> throw new IOException("thrown on purpose");
            case "/sent" -> response.sendError(500);
            case "/static" -> response.sendError(404, "gone on purpose");
            default -> throw new IllegalArgumentException(request.getPathInfo());
        }
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/fail/*", ErrorTest::fail)
                .servlet("/async/*", ErrorTest::failInDispatch)
                .servlet("/page", (request, response) -> {
                    response.setContentType("text/html");
                    response.getWriter().print(PAGE);
                })
                .servlet("/plain", (request, response) -> {
                    response.setStatus(404);
                    response.setContentType("text/html");
                    response.getWriter().print(PAGE);
                })
                .app()
                .documentRoot(root)
                .errorPage(500, "/page")
                .errorPage(404, "/static.html")
                .errorPage(Exception.class, "/page"));
    }

    @ParameterizedTest(name = "P38 {0}")
    @ContainerSource
    @DisplayName("P38 is whole and without the validators, coding and length of what failed")
    void whole(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/checked", "/runtime", "/io", "/sent", "/static"}) {
                RawResponse got = container
                        .get("/fail" + path, "Range: bytes=0-3", "If-None-Match: \"failed\"")
                        .assertComplete();
                assertThat(got.status()).as("%s: %s", path, got).isEqualTo(path.equals("/static") ? 404 : 500);
                assertThat(got.bodyText()).as(path).isEqualTo(PAGE);
                assertThat(got.field("ETag")).as("%s: %s", path, got).isNotEqualTo(Optional.of("\"failed\""));
                assertThat(got.field("Content-Encoding")).as(path).isEmpty();
                assertThat(got.field("Content-Range")).as(path).isEmpty();
                assertThat(got.field("Last-Modified").orElse("")).doesNotContain("2022");
            }
        }
    }

    private static void failInDispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            request.startAsync().dispatch();
            return;
        }
        switch (request.getPathInfo()) {
            case "/stream" -> response.getOutputStream().print("void");
            case "/writer" -> response.getWriter().print("void");
            default -> {
                // The page is of one that has written nothing.
            }
        }
        response.sendError(500);
    }

    @ParameterizedTest(name = "P38 {0}")
    @ContainerSource
    @DisplayName("P38 is whole after an async dispatch")
    void afterDispatch(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/async/nothing", "/async/stream", "/async/writer"}) {
                RawResponse got = container.get(path).assertComplete();
                assertThat(got.status()).as(path).isEqualTo(500);
                assertThat(got.bodyText()).as(path).isEqualTo(PAGE);
            }
        }
    }

    @ParameterizedTest(name = "P38 {0}")
    @ContainerSource
    @DisplayName("P38 that an application writes itself passes unchanged, also to If-None-Match: *")
    void own(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String line : new String[] {"Range: bytes=0-3", "If-None-Match: *", "If-Match: \"x\""}) {
                RawResponse got = client.get("/plain", line).assertComplete();
                assertThat(got.status()).as(line).isEqualTo(404);
                assertThat(got.bodyText()).isEqualTo(PAGE);
                assertThat(got.field("ETag")).isEmpty();
                assertThat(got.field("Accept-Ranges")).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "P39 {0}")
    @ContainerSource
    @DisplayName("P39 of the container's own takes the place of what was written before the exception")
    void exception(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = kind.start(
                FilteredApp.create().servlet("/fail/*", ErrorTest::fail).app())) {
            for (String path : new String[] {"/checked", "/runtime", "/io"}) {
                RawResponse got = container.get("/fail" + path).assertComplete();
                assertThat(got.status()).as("%s: %s", path, got).isEqualTo(500);
                assertThat(Arrays.copyOf(got.body(), 7)).isNotEqualTo(Bytes.pattern(7));
                assertThat(got.field("Content-Encoding")).isEmpty();
                assertThat(got.field("ETag")).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "P39 {0}")
    @ContainerSource
    @DisplayName("P39 is still possible after 3 MB and a flush, since nothing was sent")
    void late(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/late", (request, response) -> {
            response.getOutputStream().write(Bytes.pattern(3_000_000));
            response.flushBuffer();
            throw new ServletException("thrown on purpose");
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/late", "Range: bytes=0-9").assertComplete();
            assertThat(got.status()).isEqualTo(500);
            assertThat(got.field("ETag")).isEmpty();
        }
    }
}
