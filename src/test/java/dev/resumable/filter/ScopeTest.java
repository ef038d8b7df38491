// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** The switches by path and by type. */
@DisplayName("a filter that leaves out")
final class ScopeTest {

    private static final String ASKED = "Range: bytes=0-1";

    /** Goes where the last segment of the path says, else prints what it sees of the range. */
    private static void act(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String path = StaticFiles.pathOf(request);
        if (path.endsWith("/forward-to-included")) {
            request.getRequestDispatcher("/in/x").forward(request, response);
        } else if (path.endsWith("/forward-to-excluded")) {
            request.getRequestDispatcher("/in/secret/x").forward(request, response);
        } else if (path.endsWith("/dispatch-to-included")) {
            request.startAsync().dispatch("/in/x");
        } else if (path.endsWith("/dispatch-to-excluded")) {
            request.startAsync().dispatch("/in/secret/x");
        } else if (path.endsWith("/error")) {
            response.sendError(404);
        } else {
            response.getWriter().print("saw " + request.getHeader("Range"));
        }
    }

    private static void assertLeftAlone(RawResponse got, int status, String why) {
        got.assertComplete();
        assertThat(got.status()).as(why).isEqualTo(status);
        assertThat(got.bodyText()).as(why).isEqualTo("saw bytes=0-1");
        assertThat(got.field("ETag")).as(why).isEmpty();
        assertThat(got.field("Accept-Ranges")).as(why).isEmpty();
    }

    private static void assertCut(RawResponse got, String why) {
        got.assertComplete();
        assertThat(got.status()).as(why).isEqualTo(206);
        assertThat(got.bodyText()).as(why).isEqualTo("sa");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("paths does so by what the client has asked, through forwards, dispatches and error pages")
    void paths(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.with(RangeConfig.builder()
                        .includePaths(Set.of("/in/*", "*.bin", "/exact"))
                        .excludePaths(Set.of("/in/secret/*", "/in/exact"))
                        .build())
                .servlet("/*", ScopeTest::act);
        app.app().contextPath("/app").errorPage(404, "/in/page");
        try (EmbeddedContainer container = kind.start(app.app())) {
            for (String path : new String[] {
                "/in",
                "/in/x",
                "/in/secrets",
                "/out/x.bin",
                "/exact",
                "/in/forward-to-excluded",
                "/in/dispatch-to-excluded"
            }) {
                assertCut(container.get("/app" + path, ASKED), path);
            }
            for (String path : new String[] {
                "/out",
                "/inside",
                "/exact/x",
                "/in/exact",
                "/in/secret",
                "/in/secret/x.bin",
                "/in/%73ecret/x",
                "/in/secret;v=1/x",
                "/in/secret/forward-to-included",
                "/in/secret/dispatch-to-included",
                "/out/forward-to-included",
                "/out/dispatch-to-included"
            }) {
                assertLeftAlone(container.get("/app" + path, ASKED), 200, path);
            }
            assertLeftAlone(container.get("/app/in/secret/error", ASKED), 404, "error page of a path left out");
            RawResponse error = container.get("/app/in/error", ASKED).assertComplete();
            assertThat(error.status()).isEqualTo(404);
            assertThat(error.bodyText()).isEqualTo("saw null");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("paths is one filter's own: another in the same application acts on them")
    void eachItsOwn(ContainerKind kind) throws IOException {
        FilterEntry elsewhere = FilterEntry.of(
                        "elsewhere",
                        new RangeServletFilter(RangeConfig.builder()
                                .excludePaths(Set.of("/dl/*"))
                                .build()),
                        "/*")
                .async();
        FilteredApp app = FilteredApp.behind(
                        elsewhere,
                        new RangeServletFilter(RangeConfig.builder()
                                .includePaths(Set.of("/dl/*"))
                                .build()))
                .servlet("/*", ScopeTest::act);
        try (EmbeddedContainer container = kind.start(app.app())) {
            assertCut(container.get("/dl/x", ASKED), "by the second");
            assertCut(container.get("/x", ASKED), "by the first");
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String type = request.getParameter("type");
        if (type != null) {
            response.setContentType(type);
        }
        // Not print: one container has no charset for a type such as image/png, and fails.
        response.getOutputStream().write(("saw " + request.getHeader("Range")).getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertUntouched(RawResponse got, String why) {
        got.assertComplete();
        assertThat(got.status()).as(why).isEqualTo(200);
        assertThat(got.bodyText()).as(why).isEqualTo("saw null");
        assertThat(got.field("ETag")).as(why).isEmpty();
        assertThat(got.field("Accept-Ranges")).as(why).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("types does so by the Content-Type at the commit, without its parameters")
    void types(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.with(RangeConfig.builder()
                        .includeTypes(Set.of("video/*", "text/html", "text/plain"))
                        .excludeTypes(Set.of("text/HTML", "video/mp4"))
                        .build())
                .servlet("/send", ScopeTest::send);
        try (EmbeddedContainer container = kind.start(app.app())) {
            assertCut(container.get("/send?type=video/webm", ASKED), "included by type");
            assertCut(container.get("/send?type=Text/Plain;charset=utf-8", ASKED), "included by subtype");
            for (String query : new String[] {
                "type=Video/MP4", "type=text/html;charset=utf-8", "type=image/png", "type=texts/plain", "none"
            }) {
                assertUntouched(container.get("/send?" + query, ASKED), query);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("types lets the default servlet answer for a file of such a type")
    void typesOfFiles(ContainerKind kind, @TempDir Path root) throws IOException {
        Files.writeString(root.resolve("page.html"), "<p>page</p>");
        Files.writeString(root.resolve("page.txt"), "<p>page</p>");
        FilteredApp app = FilteredApp.with(
                RangeConfig.builder().excludeTypes(Set.of("text/html")).build());
        try (EmbeddedContainer container = kind.start(app.app().documentRoot(root))) {
            RawResponse html = container.get("/page.html", ASKED).assertComplete();
            assertThat(html.status()).isEqualTo(200);
            assertThat(html.bodyText()).isEqualTo("<p>page</p>");
            // The container's own tag, if it has one.
            assertThat(html.field("ETag").orElse("")).doesNotStartWith("\"c.").doesNotStartWith("\"m.");

            RawResponse text = container.get("/page.txt", ASKED).assertComplete();
            assertThat(text.status()).isEqualTo(206);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("ranges for a path answers 200 with Accept-Ranges: none, tag and conditions")
    void ranges(ContainerKind kind, @TempDir Path root) throws IOException {
        Bytes.write(Files.createDirectories(root.resolve("whole")).resolve("file.bin"), 1000);
        Bytes.write(root.resolve("file.bin"), 1000);
        for (StaticFilesPolicy policy : StaticFilesPolicy.values()) {
            FilteredApp app = FilteredApp.with(RangeConfig.builder()
                            .noRangesPaths(Set.of("/whole/*"))
                            .staticFiles(policy)
                            .build())
                    .servlet("/whole/made", ScopeTest::act)
                    .servlet(
                            "/forward",
                            (request, response) ->
                                    request.getRequestDispatcher("/whole/made").forward(request, response))
                    .servlet("/whole/declared", (request, response) -> {
                        response.setHeader("ETag", "\"own\"");
                        response.setContentLength(4);
                        response.getOutputStream().print("body");
                    });
            try (EmbeddedContainer container = kind.start(app.app().documentRoot(root))) {
                for (String path : new String[] {"/whole/made", "/whole/declared", "/whole/file.bin"}) {
                    assertWhole(container, path);
                }
                assertThat(container.get("/file.bin", ASKED).status()).isEqualTo(206);
                assertThat(container.get("/forward", ASKED).status()).isEqualTo(206);
            }
        }
    }

    private static void assertWhole(EmbeddedContainer container, String path) throws IOException {
        RawResponse got = container.get(path, ASKED).assertComplete();
        assertThat(got.status()).as(path).isEqualTo(200);
        assertThat(got.field("Accept-Ranges")).as(path).contains("none");
        String tag = got.field("ETag").orElseThrow();

        RawResponse again = container.get(path, "If-None-Match: " + tag).assertComplete();
        assertThat(again.status()).as(path).isEqualTo(304);
        // Nothing is out of reach where nothing is reached for.
        assertThat(container.get(path, "Range: bytes=5000-", "If-Range: " + tag).status())
                .as(path)
                .isEqualTo(200);
    }
}
