// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static dev.resumable.filter.protocol.CompressedApp.TEXT;
import static dev.resumable.filter.protocol.CompressedApp.gunzip;
import static dev.resumable.filter.protocol.CompressedApp.isCoded;
import static dev.resumable.filter.protocol.CompressedApp.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileState;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The two forms of one body, side by side: which tag leads to which of them. */
@DisplayName("of the two forms of a body")
final class CompressedTagsTest {

    private static final String GZIP = "Accept-Encoding: gzip";

    @TempDir
    private static Path root;

    private static EveryContainer direct;
    private static EveryContainer chain;

    @BeforeAll
    static void start() throws IOException {
        Files.write(root.resolve("file.txt"), TEXT);
        direct = EveryContainer.start(
                () -> CompressedApp.with(CompressedApp.config().build()).documentRoot(root));
        RangeConfig policy =
                CompressedApp.config().staticFiles(StaticFilesPolicy.CHAIN).build();
        chain = EveryContainer.start(() -> CompressedApp.with(policy).documentRoot(root));
    }

    @AfterAll
    static void stop() {
        direct.close();
        chain.close();
    }

    /** A body, and how it gets to the client. */
    private record Source(ContainerKind kind, EmbeddedContainer container, String path) {

        RawResponse get(String... lines) throws IOException {
            return container.get(path, lines).assertComplete();
        }

        @Override
        public String toString() {
            return kind + " " + path;
        }
    }

    static Stream<Arguments> sources() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.concat(
                                Stream.of(
                                                "/made",
                                                "/made?ETag=%22own%22",
                                                "/made?ETag=%22own%22&length",
                                                "/file.txt",
                                                "/forward")
                                        .map(path -> new Source(kind, direct.on(kind), path)),
                                Stream.of(new Source(kind, chain.on(kind), "/file.txt")))
                        .map(Arguments::of));
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("each has a tag of its own, and an application's own tag is that of its bytes (RFC 9110 §8.8.3)")
    void apart(Source source) throws IOException {
        RawResponse coded = source.get(GZIP);
        RawResponse plain = source.get();
        assertThat(gunzip(coded.body())).isEqualTo(TEXT);
        assertThat(plain.body()).isEqualTo(TEXT);
        assertThat(tag(coded)).startsWith("\"c.").isNotEqualTo(tag(plain));
        if (source.path().contains("ETag")) {
            assertThat(tag(plain)).isEqualTo("\"own\"");
        }
        for (RawResponse answer : new RawResponse[] {coded, plain}) {
            assertThat(answer.fields("Vary")).containsExactly("Accept-Encoding");
            assertThat(answer.field("Accept-Ranges")).contains("bytes");
            assertThat(answer.field("Last-Modified").isPresent())
                    .isEqualTo(!source.path().startsWith("/made"));
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("a range is of the one that If-Range or If-Match names, if the client accepts it (RFC 9110 §13.1)")
    void named(Source source) throws IOException {
        RawResponse coded = source.get(GZIP);
        RawResponse plain = source.get();
        for (RawResponse whole : new RawResponse[] {coded, plain}) {
            byte[] expected = Arrays.copyOfRange(whole.body(), 1000, 1500);
            for (String condition : new String[] {"If-Range: ", "If-Match: "}) {
                RawResponse part = source.get(GZIP, "Range: bytes=1000-1499", condition + tag(whole));
                assertThat(part.status()).as(condition).isEqualTo(206);
                assertThat(part.body()).isEqualTo(expected);
                assertThat(isCoded(part)).isEqualTo(whole == coded);
                assertThat(tag(part)).isEqualTo(tag(whole));
                assertThat(part.fields("Vary")).containsExactly("Accept-Encoding");
            }
        }
        RawResponse unnamed = source.get(GZIP, "Range: bytes=1000-1499");
        assertThat(unnamed.body()).isEqualTo(Arrays.copyOfRange(coded.body(), 1000, 1500));
        RawResponse unnamedPlain = source.get("Range: bytes=1000-1499");
        assertThat(unnamedPlain.body()).isEqualTo(Arrays.copyOfRange(TEXT, 1000, 1500));
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("none is continued with the other: 200 or 412 instead (RFC 9110 §13.1.1, §13.1.5)")
    void crossed(Source source) throws IOException {
        String coded = tag(source.get(GZIP));
        String plain = tag(source.get());
        RawResponse restarted = source.get("Range: bytes=1000-1499", "If-Range: " + coded);
        assertThat(restarted.status()).isEqualTo(200);
        assertThat(restarted.body()).isEqualTo(TEXT);
        RawResponse onlyGzip =
                source.get("Accept-Encoding: gzip, identity;q=0", "Range: bytes=1000-1499", "If-Range: " + plain);
        assertThat(onlyGzip.status()).isEqualTo(200);
        assertThat(gunzip(onlyGzip.body())).isEqualTo(TEXT);
        RawResponse unknown = source.get(GZIP, "Range: bytes=1000-1499", "If-Range: \"neither\"");
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(gunzip(unknown.body())).isEqualTo(TEXT);

        assertThat(source.get("Range: bytes=0-0", "If-Match: " + coded).status())
                .isEqualTo(412);
        assertThat(source.get("If-Match: " + coded).status()).isEqualTo(412);
        assertThat(source.get(GZIP, "If-Match: \"neither\"").status()).isEqualTo(412);
        assertThat(source.get("If-None-Match: " + coded).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("either is revalidated by its tag, the preferred one first (RFC 9110 §13.1.2)")
    void revalidated(Source source) throws IOException {
        String coded = tag(source.get(GZIP));
        String plain = tag(source.get());
        // The application's own tag alone is shown to the application, which answers as it likes.
        List<String[]> rows = List.of(
                new String[] {coded, coded},
                new String[] {"W/" + coded, coded},
                new String[] {plain + ", " + coded, coded},
                new String[] {plain + ", \"c.AAAAAAAAAAAAAAAAAAAAAAAA\"", plain});
        for (String[] row : rows) {
            RawResponse known = source.get(GZIP, "If-None-Match: " + row[0]);
            assertThat(known.status()).as(row[0]).isEqualTo(304);
            assertThat(tag(known)).isEqualTo(row[1]);
            assertThat(known.fields("Vary")).containsExactly("Accept-Encoding");
            assertThat(known.field("Content-Encoding")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("a date stands for the preferred one (RFC 9110 §13.1.3, §13.1.5)")
    void dated(Source source) throws IOException {
        RawResponse coded = source.get(GZIP);
        if (coded.field("Last-Modified").isEmpty()) {
            return;
        }
        String date = coded.field("Last-Modified").get();
        RawResponse part = source.get(GZIP, "Range: bytes=1000-1499", "If-Range: " + date);
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(coded.body(), 1000, 1500));
        RawResponse known = source.get(GZIP, "If-Modified-Since: " + date);
        assertThat(known.status()).isEqualTo(304);
        assertThat(tag(known)).isEqualTo(tag(coded));
    }

    @ParameterizedTest
    @MethodSource("sources")
    @DisplayName("HEAD names the one that GET sends (RFC 9110 §9.3.2)")
    void head(Source source) throws IOException {
        for (String line : new String[] {GZIP, "Accept-Encoding: br"}) {
            try (RawClient client = source.container().connect()) {
                RawResponse head = client.head(source.path(), line);
                RawResponse get =
                        client.exchange(RawRequest.get(source.path(), line)).assertComplete();
                assertThat(head.status()).isEqualTo(200);
                for (String field : new String[] {"ETag", "Content-Length", "Content-Encoding", "Vary"}) {
                    assertThat(head.field(field)).as(field).isEqualTo(get.field(field));
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("the one without coding keeps the file's metadata tag, also where the default servlet sends it")
    void metadataTag(ContainerKind kind) throws IOException {
        Path site = Path.of("webapp-example/src/main/webapp");
        // Younger files are not believed to be what the default servlet sends.
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        FileState.of(site.resolve("index.html")).hasStoodStill(Duration.ofSeconds(11), Instant.now()));
        for (StaticFilesPolicy policy : StaticFilesPolicy.values()) {
            RangeConfig config = CompressedApp.config()
                    .staticFiles(policy)
                    .answers(ContentOptions.builder()
                            .etag(EntityTagSource.Policy.METADATA)
                            .build())
                    .build();
            try (EmbeddedContainer container =
                    kind.start(CompressedApp.with(config).documentRoot(site))) {
                RawResponse plain = container.get("/index.html").assertComplete();
                RawResponse coded = container.get("/index.html", GZIP).assertComplete();
                assertThat(tag(plain)).startsWith("\"m.");
                assertThat(tag(coded)).startsWith("\"c.");
                assertThat(gunzip(coded.body())).isEqualTo(plain.body());
                RawResponse part = container
                        .get("/index.html", GZIP, "Range: bytes=5-9", "If-Range: " + tag(plain))
                        .assertComplete();
                assertThat(part.status()).as("%s: %s", policy, part).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Arrays.copyOfRange(plain.body(), 5, 10));
                RawResponse known = container.get(
                        "/index.html", GZIP, "If-None-Match: \"c.AAAAAAAAAAAAAAAAAAAAAAAA\", " + tag(plain));
                assertThat(known.status()).isEqualTo(304);
                assertThat(tag(known)).isEqualTo(tag(plain));
            }
        }
    }
}
