// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.files.FileServlet;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Servlets behind the filter that answer ranges themselves. */
@DisplayName("a servlet that answers ranges itself")
final class RangeAwareServletTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sees the request as it came, if it is named")
    void named(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.with(
                RangeConfig.builder().rangeAwareServlets(Set.of("servlet /own")).build());
        app.servlet("/own", (request, response) -> response.getWriter().print(request.getHeader("Range")));
        app.servlet("/other", (request, response) -> response.getWriter().print(request.getHeader("Range")));
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse own = container.get("/own", "Range: bytes=0-1").assertComplete();
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.bodyText()).isEqualTo("bytes=0-1");
            assertThat(own.field("ETag")).isEmpty();

            RawResponse other = container.get("/other", "Range: bytes=0-1").assertComplete();
            assertThat(other.status()).isEqualTo(206);
            assertThat(other.bodyText()).isEqualTo("nu");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is found by its marker: both tags of a large file hold in FileServlet behind the filter")
    void marked(ContainerKind kind) throws IOException {
        Path file = Bytes.write(directory.resolve("file.bin"), 100_000);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        WebApp app = FilteredApp.create()
                .app()
                .servlet(ServletEntry.of("files", new FileServlet(), "/files/*")
                        .param("directory", directory.toString())
                        .param("sync-digest-size", "1"))
                .servlet(ServletEntry.of("digested", new FileServlet(), "/digested/*")
                        .param("directory", directory.toString())
                        .param("etag", "content"));
        try (EmbeddedContainer container = kind.start(app)) {
            String sent = container.get("/files/file.bin").field("ETag").orElseThrow();
            String digested = container.get("/digested/file.bin").field("ETag").orElseThrow();
            assertThat(sent).isNotEqualTo(digested);
            // The filter alone would know only the tag that was sent.
            await().untilAsserted(() -> {
                RawResponse part = container.get("/files/file.bin", "Range: bytes=99990-", "If-Range: " + digested);
                assertThat(part.assertComplete().status()).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(99_990, 10));
            });
        }
    }
}
