// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static dev.resumable.filter.protocol.CompressedApp.TEXT;
import static dev.resumable.filter.protocol.CompressedApp.gunzip;
import static dev.resumable.filter.protocol.CompressedApp.isCoded;
import static dev.resumable.filter.protocol.CompressedApp.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Which bodies have a gzip form at all, and what becomes of those for which there is no room. */
@DisplayName("the filter compresses")
final class CompressedOrNotTest {

    private static final String GZIP = "Accept-Encoding: gzip";
    private static EveryContainer containers;

    @TempDir
    private static Path root;

    @TempDir
    private Path spools;

    @BeforeAll
    static void start() throws IOException {
        Files.write(root.resolve("file.txt"), TEXT);
        Files.write(root.resolve("file.png"), TEXT);
        Files.write(root.resolve("small.txt"), CompressedApp.SMALL);
        Files.write(root.resolve("large.txt"), CompressedApp.LARGE);
        Files.write(root.resolve("empty.txt"), new byte[0]);
        containers = EveryContainer.start(() -> CompressedApp.create().documentRoot(root));
    }

    @AfterAll
    static void stop() {
        containers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("what is text, in whatever way its type is written")
    void types(ContainerKind kind) throws IOException {
        for (String type : List.of(
                "text/html",
                "Text/CSS;charset=utf-8",
                "application/json",
                "application/problem%2Bjson",
                "image/svg%2Bxml",
                "application/atom%2Bxml",
                "application/javascript",
                "application/wasm")) {
            RawResponse got =
                    containers.on(kind).get("/made?Content-Type=" + type, GZIP).assertComplete();
            assertThat(gunzip(got.body())).as(type).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("nothing of another type, of another length, or that forbids it, and then Vary is not its business")
    void never(ContainerKind kind) throws IOException {
        for (String path : List.of(
                "/made?Content-Type=image/png",
                "/made?Content-Type=application/octet-stream",
                "/made?Content-Type=application/zip",
                "/made?Cache-Control=no-transform",
                "/made?Cache-Control=max-age%3D5,%20No-Transform",
                "/made?Content-Encoding=br",
                "/made?Content-Encoding=identity",
                "/made?body=small",
                "/made?body=small&length",
                "/made?body=empty",
                "/made?body=large",
                "/made?body=large&length",
                "/made?body=large&length&ETag=%22own%22",
                "/made?status=404",
                "/made?status=206&Content-Range=bytes%200-0/1",
                "/made?Cache-Control=no-store",
                "/made?Content-Type=text/event-stream",
                "/file.png",
                "/small.txt",
                "/large.txt",
                "/empty.txt")) {
            RawResponse got = containers.on(kind).get(path, GZIP).assertComplete();
            assertThat(isCoded(got)).as("%s: %s", path, got.head()).isFalse();
            assertThat(got.body()).as(path).isEqualTo(expected(path));
            assertThat(got.fields("Vary")).as("%s: %s", path, got.head()).isEmpty();
            assertThat(got.field("Content-Encoding"))
                    .isIn(Optional.empty(), Optional.of("identity"), Optional.of("br"));
        }
    }

    private static byte[] expected(String path) {
        for (String body : List.of("small", "empty", "large")) {
            if (path.contains(body)) {
                return CompressedApp.body(body);
            }
        }
        return TEXT;
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("nothing that gzip does not make shorter, whose range and tag are then those without coding")
    void notShorter(ContainerKind kind) throws IOException {
        RawResponse plain = containers.on(kind).get("/made?body=noise").assertComplete();
        for (int i = 0; i < 2; i++) {
            RawResponse got = containers.on(kind).get("/made?body=noise", GZIP).assertComplete();
            assertThat(isCoded(got)).isFalse();
            assertThat(got.body()).isEqualTo(CompressedApp.NOISE);
            assertThat(tag(got)).isEqualTo(tag(plain));
            assertThat(got.fields("Vary")).containsExactly("Accept-Encoding");
            RawResponse part = containers
                    .on(kind)
                    .get("/made?body=noise", GZIP, "Range: bytes=9-", "If-Range: " + tag(got))
                    .assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Range")).contains("bytes 9-299999/300000");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("nothing of a 304 of the application's own, which may be about a body that it does (RFC 9110 §15.4.5)")
    void ownNotModified(ContainerKind kind) throws IOException {
        RawResponse known = containers.on(kind).get("/made?status=304&ETag=%22own%22&Vary=Cookie", GZIP);
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.fields("Vary")).containsExactly("Cookie, Accept-Encoding");
        RawResponse other = containers.on(kind).get("/made?status=304&Content-Type=image/png&Vary=Cookie", GZIP);
        assertThat(other.fields("Vary")).containsExactly("Cookie");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("nothing unless it is told to")
    void off(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container =
                kind.start(CompressedApp.with(RangeConfig.defaults()).documentRoot(root))) {
            for (String path : List.of("/made", "/made?length&ETag=%22own%22", "/file.txt", "/made?status=304")) {
                RawResponse got = container.get(path, GZIP).assertComplete();
                assertThat(isCoded(got)).isFalse();
                assertThat(got.fields("Vary")).as(path).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("nothing for which there is no room; the answer is then whole and without coding")
    void noRoom(ContainerKind kind) throws IOException {
        Path file = Files.createFile(spools.resolve("not a directory"));
        RangeConfig noDisk = CompressedApp.config()
                .spoolHeap(0)
                .spoolDirectory(Optional.of(file))
                .build();
        RangeConfig full = CompressedApp.config().spoolHeap(0).spoolTotalSize(1).build();
        // For the body without coding alone.
        RangeConfig half = CompressedApp.config()
                .spoolHeap(0)
                .spoolTotalSize(TEXT.length + 10)
                .build();
        for (RangeConfig config : List.of(noDisk, full, half)) {
            try (EmbeddedContainer container =
                    kind.start(CompressedApp.with(config).documentRoot(root))) {
                // A file is there without being kept, so that there is room for the gzip form.
                String other = config == half ? "/made?X=1" : "/file.txt";
                for (String path : List.of(other, "/made", "/made?length&ETag=%22own%22")) {
                    for (String range : List.of("X-None: 0", "Range: bytes=5-9")) {
                        RawResponse got = container.get(path, GZIP, range).assertComplete();
                        assertThat(got.status()).as(path).isEqualTo(200);
                        assertThat(isCoded(got)).isFalse();
                        assertThat(got.body()).isEqualTo(TEXT);
                    }
                }
                RawResponse plain = container.get("/file.txt").assertComplete();
                RawResponse part = container
                        .get("/file.txt", GZIP, "Range: bytes=5-9", "If-Range: " + tag(plain))
                        .assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.bodyText()).isEqualTo("0 say");
            }
        }
    }
}
