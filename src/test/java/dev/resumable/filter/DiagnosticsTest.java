// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.filter.RangeConfig.DiagnosticsPolicy;
import dev.resumable.http.RangeOutcome;
import dev.resumable.http.StructuredFields;
import dev.resumable.http.StructuredFields.TokenItem;
import dev.resumable.metrics.PassReason;
import dev.resumable.servlet.InitParameters;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** The field that says why. */
@DisplayName("Range-Diagnostics")
final class DiagnosticsTest {

    private static final Path PROJECT = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));

    @TempDir
    private Path root;

    private static void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getQueryString())) {
            case "status" -> response.setStatus(201);
            case "events" -> response.setContentType("text/event-stream");
            case "html" -> response.setContentType("text/html");
            case "no-store" -> response.setHeader("Cache-Control", "no-store");
            case "trailers" -> response.setTrailerFields(() -> Map.of("Late", "1"));
            case "cut" -> response.setHeader("Content-Range", "bytes 0-9/10");
            case "long" -> response.setContentLength(200_000);
            case "declared" -> {
                response.setHeader("ETag", "\"own\"");
                response.setContentLength(1000);
            }
            default -> {
                // Nothing is said of the body.
            }
        }
        int length = switch (String.valueOf(request.getQueryString())) {
            case "empty" -> 0;
            case "large", "disk" -> 60_000;
            case "long", "grows" -> 200_000;
            default -> 1000;
        };
        response.getOutputStream().write(Bytes.pattern(length));
    }

    private FilteredApp app(DiagnosticsPolicy policy) throws IOException {
        Bytes.write(root.resolve("file.bin"), 1000);
        return FilteredApp.with(RangeConfig.builder()
                        .diagnostics(policy)
                        .excludePaths(Set.of("/out/*"))
                        .excludeTypes(Set.of("text/html"))
                        .noRangesPaths(Set.of("/whole"))
                        .rangeAwareServlets(Set.of("servlet /aware"))
                        .answers(ContentOptions.builder()
                                .maxRanges(4)
                                .maxOverlaps(1)
                                .maxDescendingRanges(1)
                                .rangeAllowance(0)
                                .build())
                        .spoolDirectory(Optional.of(Files.writeString(root.resolve("no-directory"), "")))
                        .spoolHeap(20_000)
                        .spoolFileSize(100_000)
                        .spoolTotalSize(70_000)
                        .build())
                .servlet("/send", DiagnosticsTest::send)
                .servlet("/whole", DiagnosticsTest::send)
                .servlet("/out/send", DiagnosticsTest::send)
                .servlet("/aware", DiagnosticsTest::send)
                .servlet("/error", (request, response) -> response.sendError(404));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("says what became of a range and why a response passed")
    void says(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container =
                kind.start(app(DiagnosticsPolicy.ON).app().documentRoot(root))) {
            assertSays(container, "/send", "spooled;range=absent");
            assertSays(container, "/send", "spooled;range=applied", "Range: bytes=0-9");
            assertSays(container, "/send", "spooled;range=applied", "Range: bytes=0-9,20-29");
            assertSays(container, "/send", "spooled;range=unsatisfiable", "Range: bytes=1000-");
            assertSays(container, "/send", "spooled;range=malformed", "Range: bytes=9-0");
            assertSays(container, "/send", "spooled;range=unknown-unit", "Range: lines=0-9");
            assertSays(container, "/send", "spooled;range=if-range-mismatch", "Range: bytes=0-9", "If-Range: \"x\"");
            assertSays(container, "/send", "spooled;range=not-modified", "Range: bytes=0-9", "If-None-Match: *");
            assertSays(container, "/send", "spooled;range=precondition-failed", "Range: bytes=0-9", "If-Match: \"x\"");
            assertSays(container, "/send?empty", "spooled;range=nothing-to-cut", "Range: bytes=0-9");
            assertSays(container, "/send", "spooled;range=too-many-ranges", "Range: bytes=0-0,2-2,4-4,6-6,8-8");
            assertSays(container, "/send", "spooled;range=too-many-overlaps", "Range: bytes=0-5,1-6,2-7");
            assertSays(container, "/send", "spooled;range=too-many-descending", "Range: bytes=30-30,20-20,10-10");
            assertSays(container, "/send", "spooled;range=larger-than-whole", "Range: bytes=0-899,950-999");
            assertSays(container, "/whole", "spooled;range=ranges-off", "Range: bytes=0-9");
            assertSays(container, "/send?declared", "selecting;range=applied", "Range: bytes=0-9");
            assertSays(container, "/file.bin", "file;range=applied", "Range: bytes=0-9");
            try (RawClient client = container.connect()) {
                RawResponse head = client.exchange(RawRequest.head("/file.bin", "Range: bytes=0-9"));
                assertThat(head.field("Range-Diagnostics")).contains("file;range=not-get");
            }

            assertSays(container, "/out/send", "untouched;reason=excluded-path");
            assertSays(container, "/aware", "untouched;reason=range-aware-servlet");
            assertSays(container, "/send?status", "untouched;reason=status");
            assertSays(container, "/send?events", "untouched;reason=streamed-type");
            assertSays(container, "/send?html", "untouched;reason=excluded-type");
            assertSays(container, "/send?no-store", "untouched;reason=no-store");
            assertSays(container, "/send?cut", "untouched;reason=content-range");
            assertSays(container, "/send?trailers", "untouched;reason=trailers");
            assertSays(container, "/send?long", "untouched;reason=too-long");
            assertSays(container, "/send?grows", "untouched;reason=too-long");
            assertSays(container, "/send?disk", "untouched;reason=disk-failed");
            assertThat(container.get("/error").field("Range-Diagnostics")).isEmpty();
        }
    }

    private static void assertSays(EmbeddedContainer container, String target, String expected, String... fieldLines)
            throws IOException {
        RawResponse got = container.get(target, fieldLines).assertComplete();
        assertThat(got.field("Range-Diagnostics"))
                .as("%s %s: %s", target, List.of(fieldLines), got.head())
                .contains(expected);
        StructuredFields.Item item =
                StructuredFields.parseItem(got.fields("Range-Diagnostics")).orElseThrow();
        assertThat(item.value()).isInstanceOf(TokenItem.class);
        assertThat(item.parameters().values()).allMatch(TokenItem.class::isInstance);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("says that there is no room for spools")
    void full(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.with(RangeConfig.builder()
                        .diagnostics(DiagnosticsPolicy.ON)
                        .spoolHeap(20_000)
                        .spoolTotalSize(50_000)
                        .build())
                .servlet("/send", DiagnosticsTest::send);
        try (EmbeddedContainer container = kind.start(app.app())) {
            assertSays(container, "/send?large", "untouched;reason=spool-full");
            assertSays(container, "/send", "spooled;range=absent");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not there unless it is switched on")
    void off(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container =
                kind.start(app(DiagnosticsPolicy.OFF).app().documentRoot(root))) {
            for (String target : new String[] {"/send", "/send?no-store", "/out/send", "/aware", "/file.bin"}) {
                RawResponse got = container.get(target, "Range: bytes=0-9").assertComplete();
                assertThat(got.field("Range-Diagnostics")).as(target).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("has words that docs/downloads.md lists, all of them and no others")
    void documented() throws IOException {
        assertThat(listed("#### Where the bytes came from"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(words(BodyKind.values()), Stream.of("untouched"))
                        .toList());
        assertThat(listed("#### What became of the range"))
                .containsExactlyInAnyOrderElementsOf(
                        words(RangeOutcome.values()).toList());
        // Errors and redirects are the container's to make, and have no such field.
        assertThat(listed("#### Why it passed untouched"))
                .containsExactlyInAnyOrderElementsOf(words(PassReason.values())
                        .filter(word -> !word.equals("error-or-redirect"))
                        .toList());
    }

    private static Stream<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(InitParameters::spelling);
    }

    private static List<String> listed(String heading) throws IOException {
        return Files.readAllLines(PROJECT.resolve("docs/downloads.md")).stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .toList();
    }
}
