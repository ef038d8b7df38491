// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** P40, P41: the containers' own compression in front of the filter. */
@DisplayName("with the container's compression on")
final class CodingTest {

    private static final byte[] TEXT =
            "All work and no play makes a dull text. ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
    private static final String[] PATHS = {"/file.txt", "/forwarded", "/generated", "/untyped", "/tagged", "/declared"};

    @TempDir
    private Path root;

    @BeforeEach
    void writeFile() throws IOException {
        Files.write(root.resolve("file.txt"), TEXT);
    }

    private static void write(HttpServletResponse response, String type) throws IOException {
        if (!type.isEmpty()) {
            response.setContentType(type);
        }
        response.getOutputStream().write(TEXT);
    }

    private EmbeddedContainer start(ContainerKind kind, Compression compression) {
        WebApp app = FilteredApp.create()
                .servlet(
                        "/forwarded",
                        (request, response) ->
                                request.getRequestDispatcher("/file.txt").forward(request, response))
                .servlet("/generated", (request, response) -> write(response, "text/plain"))
                .servlet("/untyped", (request, response) -> write(response, ""))
                .servlet("/tagged", (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    write(response, "text/plain");
                })
                .servlet("/declared", (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLength(TEXT.length);
                    write(response, "text/plain");
                })
                .app()
                .documentRoot(root);
        return kind.start(compression.addTo(app));
    }

    @ParameterizedTest(name = "P40 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P40 one range arrives uncoded and right")
    void part(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse got = container
                        .get(path, "Range: bytes=1000-60999", "Accept-Encoding: gzip")
                        .assertComplete();
                assertThat(got.status()).as("%s: %s", path, got.head()).isEqualTo(206);
                assertThat(got.field("Content-Range")).contains("bytes 1000-60999/" + TEXT.length);
                assertThat(got.field("Content-Encoding")).isIn(Optional.empty(), Optional.of("identity"));
                assertThat(got.field("Content-Length")).contains("60000");
                assertThat(got.body()).as(path).isEqualTo(Arrays.copyOfRange(TEXT, 1000, 61_000));
            }
        }
    }

    @ParameterizedTest(name = "P40 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P40 several ranges arrive uncoded and right")
    void parts(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse got = container
                        .get(path, "Range: bytes=1000-9999,20000-29999", "Accept-Encoding: gzip, deflate, br")
                        .assertComplete();
                assertThat(got.status()).isEqualTo(206);
                MultipartBody body = MultipartBody.of(got);
                assertThat(body.parts().get(1).body()).isEqualTo(Arrays.copyOfRange(TEXT, 20_000, 30_000));
            }
        }
    }

    @ParameterizedTest(name = "P41 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P41 the coded and the uncoded representation never share a strong tag (RFC 9110 §8.8.3)")
    void tags(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse plain = container.get(path).assertComplete();
                assertThat(plain.body()).isEqualTo(TEXT);
                RawResponse accepting =
                        container.get(path, "Accept-Encoding: gzip").assertComplete();
                assertThat(decoded(accepting)).as(path).isEqualTo(TEXT);
                if (isCoded(accepting)) {
                    assertThat(accepting.field("ETag").filter(tag -> tag.startsWith("\"")))
                            .as("%s: %s", path, accepting.head())
                            .isNotEqualTo(plain.field("ETag"));
                    assertThat(String.join(",", accepting.fields("Vary"))).containsIgnoringCase("accept-encoding");
                }
            }
        }
    }

    @ParameterizedTest(name = "P41 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P41 a coded download is never continued with uncoded bytes")
    void noSplice(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse begun = container.get(path, "Accept-Encoding: gzip").assertComplete();
                String tag = begun.field("ETag").orElse("\"none\"");
                RawResponse resumed = container
                        .get(path, "Accept-Encoding: gzip", "Range: bytes=100-199", "If-Range: " + tag)
                        .assertComplete();
                if (resumed.status() == 206) {
                    assertThat(resumed.body())
                            .as("%s: %s after %s", path, resumed.head(), begun.head())
                            .isEqualTo(Arrays.copyOfRange(begun.body(), 100, 200));
                }
            }
        }
    }

    @ParameterizedTest(name = "P41 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P41 a client's copy is revalidated by the tag it came with")
    void revalidated(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression);
                RawClient client = container.connect()) {
            for (String path : PATHS) {
                RawResponse got = client.get(path, "Accept-Encoding: gzip").assertComplete();
                String tag = got.field("ETag").orElseThrow();
                RawResponse again = client.get(path, "Accept-Encoding: gzip", "If-None-Match: " + tag);
                assertThat(again.status()).as("%s %s: %s", path, tag, again).isEqualTo(304);
                assertThat(again.field("ETag")).contains(tag);
                assertThat(again.field("Content-Encoding")).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "P41 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P41 Vary is on every answer where there are two forms, once (RFC 9110 §12.5.5)")
    void vary(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse plain = container.get(path).assertComplete();
                RawResponse accepting =
                        container.get(path, "Accept-Encoding: gzip").assertComplete();
                String tag = accepting.field("ETag").orElseThrow();
                RawResponse known = container.get(path, "Accept-Encoding: gzip", "If-None-Match: " + tag);
                RawResponse part = container.get(path, "Accept-Encoding: gzip", "Range: bytes=0-9");
                assertThat(known.status()).isEqualTo(304);
                assertThat(part.status()).isEqualTo(206);
                for (RawResponse answer : new RawResponse[] {plain, accepting, known, part}) {
                    if (isCoded(accepting)) {
                        assertThat(answer.fields("Vary"))
                                .as("%s: %s", path, answer.head())
                                .containsExactly("Accept-Encoding");
                    } else {
                        assertThat(answer.fields("Vary")).hasSizeLessThan(2);
                    }
                }
            }
        }
    }

    private static boolean isCoded(RawResponse response) {
        return response.field("Content-Encoding").filter("gzip"::equals).isPresent();
    }

    private static byte[] decoded(RawResponse response) throws IOException {
        return isCoded(response)
                ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                : response.body();
    }
}
