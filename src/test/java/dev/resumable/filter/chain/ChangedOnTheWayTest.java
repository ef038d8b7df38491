// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that came unchanged at first, and then meets a filter that does something to it. */
@DisplayName("a file that is changed on its way")
final class ChangedOnTheWayTest {

    private static final int REQUESTS = 11;

    /** In place of the status of an answer that a client sees broken. */
    private static final int BROKEN = 0;

    /** Who shows in every answer. */
    private static final Set<Visitor> NEVER_OF_FILE = EnumSet.of(
            Visitor.APPENDS, Visitor.PREPENDS, Visitor.CODES, Visitor.SENDS_OWN_WHOLE, Visitor.SENDS_OWN_304);

    /** Whose part shows in its head that it is none of the file. */
    private static final Set<Visitor> PASSES =
            EnumSet.of(Visitor.CODES, Visitor.DATES, Visitor.SENDS_OWN_PART, Visitor.ANSWERS_416);

    @TempDir
    private static Path root;

    private final Between between = new Between();
    private String name;
    private String tag;
    private String date;

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(
                root,
                Stream.concat(
                                IntStream.range(0, REQUESTS).mapToObj(i -> "small-" + i + ".bin"),
                                IntStream.range(0, 2).mapToObj(i -> "large-" + i + ".bin"))
                        .toList());
    }

    static Stream<Arguments> everyVisitor() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(Visitor.values()).map(visitor -> Arguments.of(kind, visitor)));
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(between.addWithoutAsyncTo(
                        FilteredApp.with(RangeConfig.defaults()).app())
                .documentRoot(root));
    }

    /** Lets the filter see that the file comes unchanged. */
    private void learn(EmbeddedContainer container, String file) throws IOException {
        between.remove();
        name = file;
        RawResponse whole = container.get("/" + name).assertComplete();
        tag = whole.field("ETag").orElseThrow();
        date = whole.field("Last-Modified").orElseThrow();
        between.written();
        assertThat(container.get("/" + name, "Range: bytes=5-9").status()).isEqualTo(206);
        assertThat(between.written()).isEqualTo(5);
    }

    private List<List<String>> requests() {
        return List.of(
                List.of("Range: bytes=5-9"),
                List.of("Range: bytes=5-9", "If-Range: " + tag),
                List.of("Range: bytes=100000-", "If-Range: " + date),
                List.of("Range: bytes=-70000", "If-Match: " + tag),
                List.of("If-None-Match: " + tag),
                List.of("If-None-Match: " + tag, "Range: bytes=5-9"),
                List.of("If-Modified-Since: " + date),
                List.of("If-Match: \"other\""),
                List.of("Range: bytes=999999999-"),
                List.of("Range: bytes=5-9,20-29", "If-Range: " + tag),
                List.of("Accept: */*"));
    }

    /** The answer, unless the client must see that it is none. */
    private Optional<RawResponse> ask(EmbeddedContainer container, List<String> lines) throws IOException {
        try {
            RawResponse got =
                    RawClient.once(container.port(), RawRequest.get("/" + name, lines.toArray(String[]::new)));
            assertThat(got.completion()).as("%s: %s", lines, got.head()).isNotEqualTo(Completion.TIMED_OUT);
            return Optional.of(got).filter(any -> any.completion() == Completion.COMPLETE);
        } catch (EOFException | SocketException e) {
            return Optional.empty();
        }
    }

    /** Nothing but bytes of the file is under its tag, or is added to what the client has of it. */
    private void assertNotSpliced(List<String> lines, RawResponse got) {
        // A date that the application has set is believed, as ever.
        boolean relies = lines.stream().anyMatch(line -> line.endsWith(tag) && !line.startsWith("If-None-Match"));
        boolean asks = lines.stream().anyMatch(line -> line.startsWith("If-None") || line.startsWith("If-Modified"));
        boolean ofFile = got.field("ETag").equals(Optional.of(tag));
        if (got.status() == 200 && ofFile) {
            assertThat(got.sha256()).as("%s: %s", lines, got.head()).isEqualTo(Bytes.sha256(0, OldFiles.length(name)));
        }
        if (got.status() == 206 && (ofFile || relies)) {
            String type = got.field("Content-Type").orElse("");
            if (!type.startsWith("multipart/")) {
                String[] range = got.field("Content-Range").orElseThrow().split("[ /-]", -1);
                assertThat(range[3]).isEqualTo("" + OldFiles.length(name));
                assertThat(got.sha256())
                        .as("%s: %s", lines, got.head())
                        .isEqualTo(Bytes.sha256(Long.parseLong(range[1]), got.bodyLength()));
            }
        }
        if (got.status() == 500) {
            for (String field : List.of("ETag", "Last-Modified", "Accept-Ranges", "Content-Range")) {
                assertThat(got.field(field)).as("%s: %s", lines, got.head()).isEmpty();
            }
        }
        if (got.status() == 304) {
            assertThat(asks).as("304 to %s", lines).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("everyVisitor")
    @DisplayName("is never spliced, nor sent past who forbids it, whatever is asked first")
    void neverSpliced(ContainerKind kind, Visitor visitor) throws IOException {
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            for (int first = 0; first < REQUESTS; first++) {
                neverSpliced(container, visitor, "small-" + first + ".bin", first);
            }
            if (visitor == Visitor.APPENDS || visitor == Visitor.REWRITES) {
                neverSpliced(container, visitor, "large-0.bin", 2);
                neverSpliced(container, visitor, "large-1.bin", REQUESTS - 1);
            }
        }
    }

    private void neverSpliced(EmbeddedContainer container, Visitor visitor, String file, int first) throws IOException {
        learn(container, file);
        between.put(visitor.filter());
        List<List<String>> requests = requests();
        assertThat(requests).hasSize(REQUESTS);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < REQUESTS + 3; i++) {
            List<String> lines = requests.get((first + i) % REQUESTS);
            Optional<RawResponse> got = ask(container, lines);
            if (visitor != Visitor.SENDS_OWN_PART) {
                got.ifPresent(response -> assertNotSpliced(lines, response));
            }
            if (NEVER_OF_FILE.contains(visitor)) {
                got.ifPresent(response -> assertThat(response.field("ETag"))
                        .as("%s: %s", lines, response.head())
                        .isNotEqualTo(Optional.of(tag)));
            }
            statuses.add(got.map(RawResponse::status).orElse(BROKEN));
        }
        assertStatuses(visitor, statuses);
        if (PASSES.contains(visitor) && requests.get(first).equals(List.of("Range: bytes=5-9"))) {
            assertThat(statuses.get(0))
                    .as("nobody relies on a state: %s", statuses)
                    .isIn(206, 416);
        }

        between.remove();
        RawResponse whole = ask(container, List.of("If-None-Match: \"other\"")).orElseThrow();
        assertThat(whole.sha256()).isEqualTo(Bytes.sha256(0, OldFiles.length(name)));
        RawResponse part = ask(container, List.of("Range: bytes=5-9")).orElseThrow();
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Bytes.slice(5, 5));
    }

    private static void assertStatuses(Visitor visitor, List<Integer> statuses) {
        switch (visitor) {
            case FORBIDS -> assertThat(statuses).containsOnly(403);
            case REDIRECTS -> assertThat(statuses).containsOnly(302);
            case FAILS -> assertThat(statuses).containsOnly(500);
            case SENDS_OWN_PART -> assertThat(statuses).containsOnly(206);
            default -> {
                // One answer may fail, at which it is noticed; then all is as it ever was.
                assertThat(statuses.stream().filter(status -> status == BROKEN || status == 500))
                        .as("%s", statuses)
                        .hasSizeLessThan(2);
                assertThat(statuses.subList(REQUESTS, REQUESTS + 3)).doesNotContain(BROKEN, 500);
            }
        }
    }
}
