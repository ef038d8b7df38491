// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the default servlet has to write for an answer that needs no byte of a file, or few. */
@DisplayName("a file that goes through the chain")
final class CheapAnswerTest {

    @TempDir
    private static Path root;

    private final Between between = new Between();

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(root, List.of("small.bin", "large.bin", "small.txt"));
    }

    static Stream<Arguments> everyFile() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("small.bin", "large.bin").map(name -> Arguments.of(kind, name)));
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return OldFiles.start(kind, root, RangeConfig.defaults(), between);
    }

    /** Without what is of the moment. */
    private static Set<String> head(RawResponse response) {
        return Stream.concat(
                        Stream.of("" + response.status()),
                        response.lines().stream().map(Object::toString))
                .filter(line -> !line.startsWith("Date: "))
                .collect(Collectors.toSet());
    }

    /** Gets a tag, and lets the filter see how the whole comes. */
    private String whole(EmbeddedContainer container, String name) throws IOException {
        RawResponse whole = container.get("/" + name).assertComplete();
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.sha256()).isEqualTo(Bytes.sha256(0, OldFiles.length(name)));
        assertThat(between.written()).isEqualTo(OldFiles.length(name));
        return whole.field("ETag").orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    @DisplayName("is not read for a 304 to a client that names its tag, though it was never asked for before")
    void known(ContainerKind kind, String name) throws IOException {
        String tag;
        try (EmbeddedContainer container = start(kind)) {
            tag = whole(container, name);
        }
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String method : new String[] {"GET", "HEAD", "GET"}) {
                RawResponse got =
                        client.exchange(RawRequest.of(method, "/" + name, "If-None-Match: \"other\", W/" + tag));
                assertThat(got.status()).as("%s: %s", method, got).isEqualTo(304);
                assertThat(got.field("ETag")).contains(tag);
                assertThat(got.field("Content-Type")).isEmpty();
                assertThat(between.written()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    @DisplayName("is written once for an answer without content, and not for the next, which has the same head")
    void withoutContent(ContainerKind kind, String name) throws IOException {
        String date;
        String tag;
        try (EmbeddedContainer container = start(kind)) {
            RawResponse whole = container.get("/" + name);
            date = whole.field("Last-Modified").orElseThrow();
            tag = whole.field("ETag").orElseThrow();
            between.written();
        }
        for (String[] lines : new String[][] {
            {"304", "If-Modified-Since: " + date},
            {"304", "If-None-Match: *"},
            {"412", "If-Match: \"other\""},
            {"412", "If-Unmodified-Since: Sat, 01 Jan 2022 00:00:00 GMT"},
            {"416", "Range: bytes=" + OldFiles.length(name) + "-"},
            {"416", "Range: bytes=" + OldFiles.length(name) + "-", "If-Range: " + tag}
        }) {
            String[] fields = List.of(lines).subList(1, lines.length).toArray(String[]::new);
            try (EmbeddedContainer container = start(kind);
                    RawClient client = container.connect()) {
                RawResponse first = client.get("/" + name, fields).assertComplete();
                assertThat(first.status()).as("%s: %s", fields[0], first).isEqualTo(Integer.parseInt(lines[0]));
                assertThat(first.field("ETag")).contains(tag);
                assertThat(between.written()).as(fields[0]).isEqualTo(OldFiles.length(name));

                RawResponse second = client.get("/" + name, fields).assertComplete();
                assertThat(head(second)).as(fields[0]).isEqualTo(head(first));
                assertThat(between.written()).as(fields[0]).isZero();

                if (!lines[0].equals("416")) {
                    RawResponse none = client.head("/" + name, fields);
                    assertThat(none.status()).as("HEAD, %s", fields[0]).isEqualTo(first.status());
                    assertThat(none.field("ETag")).contains(tag);
                    assertThat(between.written()).as(fields[0]).isZero();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    @DisplayName("is written in part for one range, with the head and the bytes that are cut from the whole")
    void part(ContainerKind kind, String name) throws IOException {
        int length = OldFiles.length(name);
        try (EmbeddedContainer container = start(kind);
                EmbeddedContainer fresh = start(kind)) {
            String tag = whole(container, name);
            String date = container.get("/" + name).field("Last-Modified").orElseThrow();
            between.written();
            for (String[] lines : new String[][] {
                {"Range: bytes=0-0"},
                {"Range: bytes=100-199", "If-Range: " + tag},
                {"Range: bytes=-70000", "If-Range: " + date},
                {"Range: bytes=-10", "If-Match: " + tag},
                {"Range: bytes=" + (length - 5) + "-", "If-None-Match: \"other\""},
                {"Range: bytes=0-" + (length - 2)},
                {"Range: bytes=1-"},
                {"Range: bytes=200000-200999,200500-201999"},
                {"Range: bytes=0-"}
            }) {
                RawResponse got = container.get("/" + name, lines).assertComplete();
                long written = between.written();
                assertThat(got.status()).as("%s: %s", lines[0], got.head()).isEqualTo(206);
                assertThat(got.field("ETag")).contains(tag);
                assertThat(written).as(lines[0]).isEqualTo(got.bodyLength());
                String first = got.field("Content-Range").orElseThrow().split("[ -]", -1)[1];
                assertThat(got.sha256()).as(lines[0]).isEqualTo(Bytes.sha256(Long.parseLong(first), got.bodyLength()));
            }
            // The first request of a container, which is answered by the whole.
            RawResponse cut = fresh.get("/" + name, "Range: bytes=5-9", "If-None-Match: \"other\"")
                    .assertComplete();
            assertThat(between.written()).isEqualTo(length);
            RawResponse got = container.get("/" + name, "Range: bytes=5-9").assertComplete();
            assertThat(head(got)).isEqualTo(head(cut));
            assertThat(got.body()).isEqualTo(cut.body());
        }
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    @DisplayName("is written whole for several ranges, for a range of another state and for HEAD")
    void whole(ContainerKind kind, String name) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            String tag = whole(container, name);
            for (String[] lines : new String[][] {
                {"200", "Range: bytes=5-9", "If-Range: \"other\""},
                {"200", "Range: bytes=5-9", "If-Range: W/" + tag},
                {"200", "Range: bytes=9-5"},
                {"200", "If-None-Match: \"other\""},
                {"206", "Range: bytes=5-9,20-29"}
            }) {
                RawResponse got = client.get(
                                "/" + name,
                                List.of(lines).subList(1, lines.length).toArray(String[]::new))
                        .assertComplete();
                assertThat(got.status()).as(lines[1]).isEqualTo(Integer.parseInt(lines[0]));
                assertThat(got.field("ETag")).contains(tag);
                assertThat(between.written()).as(lines[1]).isEqualTo(OldFiles.length(name));
            }
            RawResponse head = client.head("/" + name, "Range: bytes=5-9");
            assertThat(head(head)).isEqualTo(head(client.get("/" + name)));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is written whole if it may be sent in gzip, or has just been written")
    void notCheap(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("young-" + kind + ".bin"), OldFiles.LARGE);
        RangeConfig config = RangeConfig.builder().compress(CompressPolicy.ON).build();
        try (EmbeddedContainer container = OldFiles.start(kind, root, config, between)) {
            for (String name : new String[] {"small.txt", "young-" + kind + ".bin"}) {
                String tag = whole(container, name);
                RawResponse part = container.get("/" + name, "Range: bytes=5-9").assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(5, 5));
                assertThat(between.written()).as(name).isEqualTo(OldFiles.length(name));
                assertThat(container.get("/" + name, "If-None-Match: " + tag).status())
                        .isEqualTo(304);
                assertThat(between.written()).as(name).isEqualTo(OldFiles.length(name));
            }
            whole(container, "small.bin");
            assertThat(container.get("/small.bin", "Range: bytes=5-9").status()).isEqualTo(206);
            assertThat(between.written()).isEqualTo(5);
        }
    }
}
