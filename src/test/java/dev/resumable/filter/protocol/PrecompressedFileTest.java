// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that the default servlet sends in one of two codings: two representations (RFC 9110 §8.8.1). */
@DisplayName("a file with a compressed copy beside it")
final class PrecompressedFileTest {

    private static final String GZIP = "Accept-Encoding: gzip";
    private static final byte[] PLAIN = Bytes.pattern(9000);
    private static final byte[] CODED = Bytes.random(7, 400);

    /** Undertow's default servlet has no such init-param. */
    static Stream<ContainerKind> kinds() {
        return ContainerKind.running().stream().filter(kind -> kind != ContainerKind.UNDERTOW);
    }

    private static EmbeddedContainer start(ContainerKind kind, Path root) throws IOException {
        Files.write(root.resolve("file.txt"), PLAIN);
        Files.write(root.resolve("file.txt.gz"), CODED);
        return kind.start(FilteredApp.create()
                .app()
                .documentRoot(root)
                .onStartup(context ->
                        context.getServletRegistration("default").setInitParameter("precompressed", "gzip=.gz")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("is cut in the coding that the client accepts, under a tag of its own")
    void cut(ContainerKind kind, @TempDir Path root) throws IOException {
        try (EmbeddedContainer container = start(kind, root)) {
            String plainTag = container.get("/file.txt").field("ETag").orElseThrow();
            RawResponse coded = container.get("/file.txt", GZIP).assertComplete();
            String codedTag = coded.field("ETag").orElseThrow();
            assertThat(coded.field("Content-Encoding")).hasValue("gzip");
            assertThat(coded.body()).isEqualTo(CODED);
            assertThat(codedTag).isNotEqualTo(plainTag).doesNotStartWith("W/");

            assertPart(container.get("/file.txt", "Range: bytes=10-19", "If-Range: " + plainTag), PLAIN);
            RawResponse part = container.get("/file.txt", GZIP, "Range: bytes=10-19", "If-Range: " + codedTag);
            assertPart(part, CODED);
            assertThat(part.field("Content-Encoding")).hasValue("gzip");
        }
    }

    private static void assertPart(RawResponse response, byte[] whole) {
        assertThat(response.assertComplete().status()).isEqualTo(206);
        assertThat(response.field("Content-Range")).hasValue("bytes 10-19/" + whole.length);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("is never resumed in the other coding, nor taken for it by a cache")
    void neverMixed(ContainerKind kind, @TempDir Path root) throws IOException {
        try (EmbeddedContainer container = start(kind, root)) {
            String plainTag = container.get("/file.txt").field("ETag").orElseThrow();
            String codedTag = container.get("/file.txt", GZIP).field("ETag").orElseThrow();

            RawResponse resumed = container.get("/file.txt", GZIP, "Range: bytes=10-19", "If-Range: " + plainTag);
            assertThat(resumed.assertComplete().status()).isEqualTo(200);
            assertThat(resumed.body()).isEqualTo(CODED);
            RawResponse asked = container.get("/file.txt", GZIP, "If-None-Match: " + plainTag);
            assertThat(asked.assertComplete().status()).isEqualTo(200);

            RawResponse known = container.get("/file.txt", GZIP, "If-None-Match: " + codedTag);
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.field("Vary")).get().asString().isEqualToIgnoringCase("Accept-Encoding");
        }
    }
}
