// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that the container's default servlet would send. */
@DisplayName("a static file")
final class StaticFileTest {

    private static final int LENGTH = 300_000;

    /** Stands in for the engine of a container: runs pages, never shows their source. */
    private static final class PageEngine extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("a page that was run");
        }
    }

    @TempDir
    private Path root;

    @TempDir
    private Path elsewhere;

    @BeforeEach
    void writeFiles() throws IOException {
        Bytes.write(root.resolve("file.bin"), LENGTH);
        Files.writeString(root.resolve("page.html"), "<p>page</p>");
        Files.writeString(root.resolve("class.class"), "refused by one container");
        Files.writeString(root.resolve("page.jsp"), "hidden-away source of a page");
        Files.createDirectories(root.resolve("META-INF"));
        Files.writeString(root.resolve("META-INF/MANIFEST.MF"), "hidden-away");
        Files.createDirectories(root.resolve("WEB-INF"));
        Files.writeString(root.resolve("WEB-INF/secret.txt"), "hidden-away");
    }

    static Stream<Arguments> everyWay() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(StaticFilesPolicy.values()).map(policy -> Arguments.of(kind, policy)));
    }

    private EmbeddedContainer start(ContainerKind kind, StaticFilesPolicy policy, List<Filter> behind) {
        WebApp app = FilteredApp.with(RangeConfig.builder().staticFiles(policy).build())
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/file.bin").forward(request, response))
                .app()
                .documentRoot(root);
        app.servlet("pages", new PageEngine(), "*.jsp");
        for (int i = 0; i < behind.size(); i++) {
            app.filter("behind " + i, behind.get(i), "/*");
        }
        return kind.start(app);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    @DisplayName("is sent whole, in part, or not at all if it is known")
    void served(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        try (EmbeddedContainer container = start(kind, policy, List.of())) {
            for (String path : new String[] {"/file.bin", "/forward"}) {
                RawResponse whole = container.get(path).assertComplete();
                assertThat(whole.status()).isEqualTo(200);
                assertThat(whole.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
                assertThat(whole.field("Last-Modified")).isPresent();
                String tag = whole.field("ETag").orElseThrow();
                assertThat(tag).startsWith("\"c.");

                RawResponse part = container
                        .get(path, "Range: bytes=299990-", "If-Range: " + tag)
                        .assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(299_990, 10));

                assertThat(container.get(path, "If-None-Match: " + tag).status())
                        .isEqualTo(304);
                assertThat(container
                                .get(
                                        path,
                                        "If-Modified-Since: "
                                                + whole.field("Last-Modified").orElseThrow())
                                .status())
                        .isEqualTo(304);
                assertThat(container.get(path, "Range: bytes=1-2,0-0").status()).isEqualTo(206);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not sent past the access check of a filter behind ours")
    void accessCheck(ContainerKind kind) throws IOException {
        Filter deny = (request, response, chain) -> ((HttpServletResponse) response).sendError(403);
        try (EmbeddedContainer container = start(kind, StaticFilesPolicy.AUTO, List.of(deny))) {
            assertThat(container.get("/file.bin").status()).isEqualTo(403);
            assertThat(container.get("/file.bin", "Range: bytes=0-0").status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    @DisplayName("is never one of WEB-INF or a name in disguise, and a link only where the container follows it")
    void refused(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        Files.createSymbolicLink(
                root.resolve("link.txt"), Files.writeString(elsewhere.resolve("target"), "from elsewhere"));
        try (EmbeddedContainer filtered = start(kind, policy, List.of());
                EmbeddedContainer bare =
                        kind.start(new WebApp().documentRoot(root).servlet("pages", new PageEngine(), "*.jsp"))) {
            for (String path : List.of(
                    "/WEB-INF/secret.txt",
                    "/META-INF/MANIFEST.MF",
                    "/meta-inf/MANIFEST.MF",
                    "/web-inf/secret.txt",
                    "/WEB-INF%2fsecret.txt",
                    "/x/../WEB-INF/secret.txt",
                    "/%57EB-INF/secret.txt",
                    "//WEB-INF/secret.txt",
                    "/./WEB-INF/secret.txt",
                    "/link.txt",
                    "/file.bin/",
                    "/file.bin%00.txt",
                    "/file.bin%5c",
                    "/class.class",
                    "/page.jsp",
                    "/page.jsp/",
                    "/page.jsp%20",
                    "/page%2ejsp")) {
                RawResponse response = filtered.get(path);
                assertThat(response.status())
                        .as("%s, as without the filter", path)
                        .isEqualTo(bare.get(path).status());
                assertThat(response.bodyText()).as(path).doesNotContain("hidden-away");
                assertThat(response.bodyText().contains("from elsewhere"))
                        .as("%s, as without the filter", path)
                        .isEqualTo(bare.get(path).bodyText().contains("from elsewhere"));
            }
        }
    }
}
