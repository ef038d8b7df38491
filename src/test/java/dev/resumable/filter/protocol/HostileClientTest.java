// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Requests that are right but unusual, and some that are neither. */
@DisplayName("a client that is unusual")
final class HostileClientTest {

    private static final int LENGTH = 100_000;
    private static final Duration SHORT = Duration.ofMillis(30);

    /** On a busy machine, too; less than any container leaves an idle connection open. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private static Path root;

    private static EveryContainer containers;

    @BeforeAll
    static void start() {
        containers = EveryContainer.start(() -> Shape.addAll(
                FilteredApp.create()
                        .servlet(
                                "/posted",
                                (request, response) -> response.getOutputStream()
                                        .write(request.getInputStream().readAllBytes())),
                root,
                LENGTH));
    }

    @AfterAll
    static void stop() {
        containers.close();
    }

    private static RawClient connect(ContainerKind kind) throws IOException {
        return containers.on(kind).connect();
    }

    private static void assertPart(RawResponse got, int first, int length) {
        got.assertComplete();
        assertThat(got.status()).as("%s", got).isEqualTo(206);
        assertThat(got.field("Content-Range")).contains("bytes %d-%d/%d".formatted(first, first + length - 1, LENGTH));
        assertThat(got.body()).isEqualTo(Bytes.slice(first, length));
    }

    private static void assertWhole(RawResponse got) {
        got.assertComplete();
        assertThat(got.status()).as("%s", got).isEqualTo(200);
        assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends all its requests at once and reads the answers in order (RFC 9112 §9.3.2)")
    void pipelined(ContainerKind kind) throws IOException {
        try (RawClient client = connect(kind)) {
            for (Shape shape : Shape.values()) {
                client.send(RawRequest.get(shape.path(), "Range: bytes=5-9"))
                        .send(RawRequest.head(shape.path(), "Range: bytes=5-9"))
                        .send(RawRequest.get(shape.path()))
                        .send(RawRequest.get(shape.path(), "If-None-Match: *"))
                        .send(RawRequest.get(shape.path(), "Range: bytes=" + LENGTH + "-"));
            }
            for (Shape shape : Shape.values()) {
                assertPart(client.read("GET"), 5, 5);
                assertThat(client.read("HEAD").field("Content-Length"))
                        .as("%s", shape)
                        .contains("" + LENGTH);
                assertWhole(client.read("GET"));
                assertThat(client.read("GET").status()).as("%s", shape).isEqualTo(304);
                assertThat(client.read("GET").status()).as("%s", shape).isEqualTo(416);
            }
            client.assertNothingFollows(SHORT);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("closes its sending side after the request, and still gets the answer")
    void halfClosed(ContainerKind kind) throws IOException {
        for (Shape shape : Shape.values()) {
            try (RawClient client = connect(kind)) {
                client.send(RawRequest.get(shape.path(), "Range: bytes=99000-")).halfClose();
                assertPart(client.read("GET"), 99_000, 1_000);
                client.assertClosedWithin(SOON);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "asks for thousands of ranges, on one line and on many: the whole, or what the container says of such a head")
    void thousandsOfRanges(ContainerKind kind) throws IOException {
        String ranges =
                IntStream.range(0, 1_000).mapToObj(i -> i * 5 + "-" + i * 5).collect(Collectors.joining(","));
        String[] lines = IntStream.range(0, 90)
                .mapToObj(i -> "Range: bytes=" + i * 10 + "-" + (i * 10 + 1))
                .toArray(String[]::new);
        String[] tags = IntStream.range(0, 90)
                .mapToObj(i -> "If-None-Match: \"" + "x".repeat(50) + i + "\", W/\"y\"")
                .toArray(String[]::new);
        for (Shape shape : Shape.values()) {
            assertWhole(once(kind, RawRequest.get(shape.path(), "Range: bytes=" + ranges.substring(0, 6_000) + ",-1")));
            assertWhole(once(kind, RawRequest.get(shape.path(), lines)));
            assertWhole(once(kind, RawRequest.get(shape.path(), tags)));
        }
        RawResponse tooLarge = once(kind, RawRequest.get("/shape.bin", "Range: bytes=" + ranges.repeat(10)));
        assertThat(tooLarge.status()).isIn(200, 400, 413, 431);
        assertWhole(once(kind, RawRequest.get("/shape.bin")));
    }

    private static RawResponse once(ContainerKind kind, RawRequest request) throws IOException {
        return RawClient.once(containers.on(kind).port(), request);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("writes field names in any case, and white space around values (RFC 9110 §5.1, §5.5)")
    void oddCase(ContainerKind kind) throws IOException {
        try (RawClient client = connect(kind)) {
            for (Shape shape : Shape.values()) {
                String tag = client.head(shape.path()).field("etag").orElseThrow();
                assertPart(client.get(shape.path(), "rAnGe:bytes=7-8", "IF-RANGE:\t" + tag + " \t"), 7, 2);
                assertWhole(client.get(shape.path(), "RANGE: bytes=7-8", "if-RANGE: \"other\""));
                assertThat(client.get(shape.path(), "iF-nOnE-mAtCh:  " + tag + "  ")
                                .status())
                        .isEqualTo(304);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("names the target with scheme and host (RFC 9112 §3.2.2)")
    void absoluteForm(ContainerKind kind) throws IOException {
        String host = "127.0.0.1:" + containers.on(kind).port();
        try (RawClient client = connect(kind)) {
            for (Shape shape : Shape.values()) {
                RawRequest request = RawRequest.get("http://" + host + shape.path(), "Range: bytes=0-2");
                assertPart(client.exchange(request.with("Host: " + host)), 0, 3);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("speaks HTTP/1.0, with and without keep-alive: lengths, no chunks, and an end that can be seen")
    void http10(ContainerKind kind) throws IOException {
        for (Shape shape : Shape.values()) {
            RawRequest request = RawRequest.get(shape.path()).http10();
            RawResponse whole = once(kind, request);
            assertWhole(whole);
            assertThat(whole.framing()).isEqualTo(Framing.CONTENT_LENGTH);
            try (RawClient client = connect(kind)) {
                assertPart(client.exchange(request.with("Range: bytes=-4")), LENGTH - 4, 4);
                client.assertClosedWithin(SOON);
            }
            try (RawClient client = connect(kind)) {
                RawRequest kept = request.with("Connection: keep-alive");
                assertPart(client.exchange(kept.with("Range: bytes=1-2")), 1, 2);
                assertWhole(client.exchange(kept));
                assertThat(client.exchange(kept.with("If-None-Match: *")).status())
                        .isEqualTo(304);
                assertPart(client.exchange(kept.with("Range: bytes=3-4")), 3, 2);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("asks for the end of the connection: the answer is whole, and nothing follows")
    void connectionClose(ContainerKind kind) throws IOException {
        for (Shape shape : Shape.values()) {
            for (String range : List.of("bytes=0-", "bytes=0-9,20-29", "bytes=x", "bytes=" + LENGTH + "-")) {
                try (RawClient client = connect(kind)) {
                    RawResponse got = client.get(shape.path(), "Connection: close", "Range: " + range)
                            .assertComplete();
                    assertThat(got.framing()).as("%s %s", shape, range).isEqualTo(Framing.CONTENT_LENGTH);
                    client.assertClosedWithin(SOON);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends a GET with content, by length and in chunks: the next request is not taken for it")
    void contentOfGet(ContainerKind kind) throws IOException {
        byte[] smuggled = RawRequest.get("/shape.bin").toBytes("smuggled");
        try (RawClient client = connect(kind)) {
            for (Shape shape : Shape.values()) {
                RawRequest request = RawRequest.get(shape.path(), "Range: bytes=10-12");
                client.send(request.withBody(smuggled)).send(request);
                assertPart(client.read("GET"), 10, 3);
                assertPart(client.read("GET"), 10, 3);
                client.send(request.withChunks(smuggled, Arrays.copyOf(smuggled, 5)))
                        .send(request);
                assertPart(client.read("GET"), 10, 3);
                assertPart(client.read("GET"), 10, 3);
            }
            client.assertNothingFollows(SHORT);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("repeats a range in a POST: it is the application's alone (RFC 9110 §14.2)")
    void post(ContainerKind kind) throws IOException {
        try (RawClient client = connect(kind)) {
            RawResponse got = client.exchange(RawRequest.of("POST", "/posted", "Range: bytes=0-1", "If-Match: \"x\"")
                            .withBody(Bytes.pattern(10)))
                    .assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.body()).isEqualTo(Bytes.pattern(10));
            assertThat(got.field("Accept-Ranges")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("breaks off in the middle of its request: the container is there for the next")
    void brokenOff(ContainerKind kind) throws IOException {
        byte[] request = RawRequest.get("/shape/generated", "Range: bytes=0-9").toBytes("test");
        EmbeddedContainer container = containers.on(kind);
        for (int length : new int[] {1, 10, request.length / 2, request.length - 1}) {
            try (RawClient client = container.connect()) {
                client.send(Arrays.copyOf(request, length)).halfClose();
            }
            try (RawClient client = container.connect()) {
                client.send(Arrays.copyOf(request, length)).reset();
            }
        }
        assertPart(container.get("/shape/generated", "Range: bytes=0-9"), 0, 10);
    }
}
