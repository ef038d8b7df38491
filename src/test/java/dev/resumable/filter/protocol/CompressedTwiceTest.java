// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static dev.resumable.filter.protocol.CompressedApp.TEXT;
import static dev.resumable.filter.protocol.CompressedApp.gunzip;
import static dev.resumable.filter.protocol.CompressedApp.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** P40, P41: the filter compresses, and the container would as well. */
@DisplayName("with both compressions on")
final class CompressedTwiceTest {

    private static final String GZIP = "Accept-Encoding: gzip";
    private static final String[] PATHS = {"/file.txt", "/forward", "/made", "/async", "/made?ETag=%22own%22&length"};

    @TempDir
    private Path root;

    @BeforeEach
    void writeFile() throws IOException {
        Files.write(root.resolve("file.txt"), TEXT);
    }

    private EmbeddedContainer start(ContainerKind kind, Compression compression) {
        WebApp app = CompressedApp.create().documentRoot(root);
        return kind.start(compression.addTo(app));
    }

    @ParameterizedTest(name = "P41 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P41 a whole body is coded once, under the tag of the filter, and Vary names the reason once")
    void whole(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse coded = container.get(path, GZIP).assertComplete();
                assertThat(coded.fields("Content-Encoding")).as(path).containsExactly("gzip");
                assertThat(gunzip(coded.body())).isEqualTo(TEXT);
                assertThat(tag(coded)).matches("\"c\\.[A-Za-z0-9_-]{24}\"");
                assertThat(coded.field("Content-Length")).contains("" + coded.bodyLength());
                RawResponse plain = container.get(path).assertComplete();
                assertThat(plain.body()).isEqualTo(TEXT);
                assertThat(plain.field("Content-Encoding")).isEmpty();
                assertThat(tag(plain)).isNotEqualTo(tag(coded));
                RawResponse known = container.get(path, GZIP, "If-None-Match: " + tag(coded));
                assertThat(known.status()).isEqualTo(304);
                for (RawResponse answer : new RawResponse[] {coded, plain, known}) {
                    assertThat(answer.fields("Vary"))
                            .as("%s: %s", path, answer.head())
                            .containsExactly("Accept-Encoding");
                }
            }
        }
    }

    @ParameterizedTest(name = "P40 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P40 parts of either form arrive as they are")
    void parts(ContainerKind kind, Compression compression) throws IOException {
        try (EmbeddedContainer container = start(kind, compression)) {
            for (String path : PATHS) {
                RawResponse whole = container.get(path, GZIP).assertComplete();
                ByteArrayOutputStream joined = new ByteArrayOutputStream();
                for (String range : new String[] {"0-19999", "20000-"}) {
                    RawResponse part = container
                            .get(path, GZIP, "Range: bytes=" + range, "If-Range: " + tag(whole))
                            .assertComplete();
                    assertThat(part.status()).as(path).isEqualTo(206);
                    assertThat(part.fields("Content-Encoding")).containsExactly("gzip");
                    assertThat(part.fields("Vary")).containsExactly("Accept-Encoding");
                    joined.writeBytes(part.body());
                }
                assertThat(joined.toByteArray()).isEqualTo(whole.body());

                RawResponse several = container
                        .get(path, GZIP, "Range: bytes=0-9999,20000-29999")
                        .assertComplete();
                assertThat(several.status()).isEqualTo(206);
                assertThat(MultipartBody.of(several).parts().get(1).body())
                        .isEqualTo(Arrays.copyOfRange(whole.body(), 20_000, 30_000));

                RawResponse plain = container.get(path).assertComplete();
                RawResponse part = container
                        .get(path, GZIP, "Range: bytes=1000-60999", "If-Range: " + tag(plain))
                        .assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.field("Content-Encoding")).isIn(Optional.empty(), Optional.of("identity"));
                assertThat(part.body()).isEqualTo(Arrays.copyOfRange(TEXT, 1000, 61_000));
                assertThat(part.fields("Vary")).containsExactly("Accept-Encoding");
            }
        }
    }
}
