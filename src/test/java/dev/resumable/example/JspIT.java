// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static dev.resumable.example.Answers.assertContent;
import static dev.resumable.example.Answers.assertPart;
import static dev.resumable.example.Answers.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerProcess;
import dev.resumable.testing.Distribution;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real pages, compiled by the container itself, in the example WAR. */
@Timeout(120)
@DisplayName("a JSP")
final class JspIT {

    private static final List<String> PAGES =
            List.of("page.jsp", "part.jsp", "forward.jsp", "file.jsp", "fails.jsp", "error.jsp");

    private static Path warWithPages(Path directory) throws IOException {
        Path war = Files.copy(ExampleWar.path(), directory.resolve("pages.war"));
        try (FileSystem zip = FileSystems.newFileSystem(war)) {
            for (String page : PAGES) {
                Path target = Files.createDirectories(zip.getPath("/jsp")).resolve(page);
                try (InputStream in = Objects.requireNonNull(JspIT.class.getResourceAsStream("jsp/" + page))) {
                    Files.copy(in, target);
                }
            }
        }
        return war;
    }

    @ParameterizedTest
    @EnumSource(Distribution.class)
    @DisplayName("is whole, cut and revalidated, as a page, as the target of a forward and as an error page")
    void pages(Distribution distribution, @TempDir Path directory) throws IOException {
        try (ContainerProcess container =
                ContainerProcess.start(distribution, warWithPages(directory), "/pages", Map.of())) {
            RawResponse page = container.get("/pages/jsp/page.jsp").assertComplete();
            assertThat(page.status()).as(container.logTail()).isEqualTo(200);
            assertThat(page.bodyText().strip())
                    .startsWith("begin REQUEST")
                    .contains("part")
                    .endsWith("end");
            assertThat(page.field("Content-Type").orElseThrow()).isEqualToIgnoringCase("text/plain;charset=UTF-8");
            assertResumable(container, "/pages/jsp/page.jsp", page);

            RawResponse forwarded = container.get("/pages/jsp/forward.jsp").assertComplete();
            assertThat(forwarded.bodyText().strip()).startsWith("begin FORWARD").endsWith("end");
            assertResumable(container, "/pages/jsp/forward.jsp", forwarded);

            RawResponse file = container.get("/pages/jsp/file.jsp").assertComplete();
            assertThat(file.body()).isEqualTo(ExampleWar.entry("static/bytes-200000.bin"));
            assertResumable(container, "/pages/jsp/file.jsp", file);

            RawResponse failed =
                    container.get("/pages/jsp/fails.jsp", "Range: bytes=0-1").assertComplete();
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.bodyText().strip()).isEqualTo("failed: on purpose");
            assertThat(failed.field("ETag")).isEmpty();
        }
    }

    private static void assertResumable(ContainerProcess container, String path, RawResponse whole) throws IOException {
        assertContent(whole, whole.body());
        assertThat(tag(whole)).startsWith("\"");
        RawResponse part = container
                .get(path, "Range: bytes=1000-1999", "If-Range: " + tag(whole))
                .assertComplete();
        assertPart(part, whole.body(), 1_000, 1_999);
        RawResponse known = container.get(path, "If-None-Match: " + tag(whole));
        assertThat(known.status()).isEqualTo(304);
        try (var client = container.connect()) {
            RawResponse head = client.exchange(RawRequest.head(path));
            assertThat(head.field("Content-Length")).isEqualTo(whole.field("Content-Length"));
            assertThat(head.field("ETag")).isEqualTo(whole.field("ETag"));
        }
    }
}
