// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletResponseWrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** P31-P33, P36, P37: the container's own default servlet behind the filter, with its own engine for ranges. */
@DisplayName("the default servlet")
final class DefaultServletTest {

    private static final int LENGTH = 3_000_000;
    private static final String MODIFIED = "Sat, 01 Jan 2022 00:00:00 GMT";

    @TempDir
    private Path root;

    @BeforeEach
    void writeFile() throws IOException {
        Path file = Bytes.write(root.resolve("file.bin"), LENGTH);
        Files.setLastModifiedTime(file, FileTime.from(Shape.LAST_MODIFIED));
        Files.writeString(root.resolve("short.txt"), "short text");
    }

    static Stream<Arguments> everyWay() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(StaticFilesPolicy.values()).map(policy -> Arguments.of(kind, policy)));
    }

    private WebApp app(StaticFilesPolicy policy) {
        return FilteredApp.with(RangeConfig.builder().staticFiles(policy).build())
                .app()
                .documentRoot(root);
    }

    @ParameterizedTest(name = "P31 P32 {0} {1}")
    @MethodSource("everyWay")
    @DisplayName("P31 P32 is resumed by If-Range with our strong tag, and never across two states")
    void ifRange(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        try (EmbeddedContainer container = kind.start(app(policy))) {
            RawResponse whole = container.get("/file.bin").assertComplete();
            String tag = whole.field("ETag").orElseThrow();
            assertThat(tag).startsWith("\"");
            assertThat(whole.field("Last-Modified")).contains(MODIFIED);

            for (String state : new String[] {tag, MODIFIED}) {
                RawResponse part = container
                        .get("/file.bin", "Range: bytes=2999990-", "If-Range: " + state)
                        .assertComplete();
                assertThat(part.status()).as("%s: %s", state, part).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(2_999_990, 10));
            }
            for (String state : new String[] {
                "\"stale\"", "W/" + tag, "Sat, 01 Jan 2022 00:00:01 GMT", "Fri, 31 Dec 2021 23:59:59 GMT", "garbage"
            }) {
                RawResponse fresh = container
                        .get("/file.bin", "Range: bytes=2999990-", "If-Range: " + state)
                        .assertComplete();
                assertThat(fresh.status()).as("%s: %s", state, fresh).isEqualTo(200);
                assertThat(fresh.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
            }
        }
    }

    @ParameterizedTest(name = "P31 {0} {1}")
    @MethodSource("everyWay")
    @DisplayName("P31 is never continued with bytes of its successor, whatever the container still has in a cache")
    void replaced(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        try (EmbeddedContainer container = kind.start(app(policy))) {
            String tag = container.get("/file.bin").field("ETag").orElseThrow();
            byte[] successor = Bytes.slice(7, LENGTH + 1);
            Files.write(root.resolve("file.bin"), successor);

            await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(20)).until(() -> {
                RawResponse got = container.get("/file.bin", "Range: bytes=2999990-", "If-Range: " + tag);
                if (got.status() == 206) {
                    assertThat(got.body()).isEqualTo(Bytes.slice(2_999_990, 10));
                }
                return got.status() == 200
                        && got.assertComplete().sha256().equals(Bytes.sha256(successor))
                        && !got.field("ETag").equals(Optional.of(tag));
            });
        }
    }

    @ParameterizedTest(name = "P33 {0} {1}")
    @MethodSource("everyWay")
    @DisplayName("P33 has the tag on a 304 for a date too")
    void notModified(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        try (EmbeddedContainer container = kind.start(app(policy));
                RawClient client = container.connect()) {
            String tag = client.get("/file.bin").field("ETag").orElseThrow();
            RawResponse got = client.get("/file.bin", "If-Modified-Since: " + MODIFIED);
            assertThat(got.status()).isEqualTo(304);
            assertThat(got.field("ETag")).contains(tag);
            assertThat(got.field("Content-Type")).isEmpty();
            assertThat(client.head("/file.bin", "If-None-Match: " + tag).status())
                    .isEqualTo(304);
            assertThat(client.get("/file.bin").assertComplete().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest(name = "P33 {0} {1}")
    @MethodSource("everyWay")
    @DisplayName("P33 is not asked about tags, which it may misread (RFC 9110 §13.1.2)")
    void foreignTags(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        WebApp app = FilteredApp.with(RangeConfig.builder().staticFiles(policy).build())
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/short.txt").forward(request, response))
                .app()
                .documentRoot(root);
        try (EmbeddedContainer container = kind.start(app)) {
            // A tag that looks like the star to one container, and lists that another refuses.
            for (String tags : new String[] {"\"*\"", "", ",\"x\"", "\"x\",,\"y\""}) {
                for (String path : new String[] {"/short.txt", "/forward"}) {
                    RawResponse got = container.get(path, "If-None-Match: " + tags);
                    assertThat(got.status()).as("%s %s: %s", path, tags, got).isEqualTo(200);
                }
            }
        }
    }

    @ParameterizedTest(name = "P36 {0} {1}")
    @MethodSource("everyWay")
    @DisplayName("P36 behind a wrapper still sends lengths, for HEAD too")
    void lengths(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        try (EmbeddedContainer container = kind.start(app(policy));
                RawClient client = container.connect()) {
            for (RawRequest request : new RawRequest[] {RawRequest.get("/file.bin"), RawRequest.head("/file.bin")}) {
                RawResponse got = client.exchange(request).assertComplete();
                assertThat(got.field("Content-Length")).as("%s", got).contains("" + LENGTH);
                assertThat(got.field("Transfer-Encoding")).isEmpty();
            }
            RawResponse old =
                    RawClient.once(container.port(), RawRequest.get("/file.bin").http10());
            assertThat(old.assertComplete().framing()).isEqualTo(Framing.CONTENT_LENGTH);
            assertThat(old.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }

    @ParameterizedTest(name = "P36 {0}")
    @ContainerSource
    @DisplayName("P36 gets the container's own objects where the filter has nothing to do")
    void unwrapped(ContainerKind kind) throws IOException {
        WebApp app = FilteredApp.create()
                .servlet(
                        "/post",
                        (request, response) -> response.getWriter().print(response instanceof ServletResponseWrapper))
                .app();
        try (EmbeddedContainer container = kind.start(app)) {
            RawResponse got = RawClient.once(container.port(), RawRequest.of("POST", "/post", "Content-Length: 0"));
            assertThat(got.assertComplete().bodyText()).isEqualTo("false");
        }
    }

    /** Not with {@code DIRECT}, the deployer's word that there is no such filter. */
    static Stream<Arguments> everyWayThroughTheChain() {
        return everyWay().filter(way -> way.get()[1] != StaticFilesPolicy.DIRECT);
    }

    @ParameterizedTest(name = "P37 {0} {1}")
    @MethodSource("everyWayThroughTheChain")
    @DisplayName("P37 is whole behind a filter between that writes something in front")
    void prefix(ContainerKind kind, StaticFilesPolicy policy) throws IOException {
        Filter between = (request, response, chain) -> {
            response.getOutputStream().print("prefix ");
            chain.doFilter(request, response);
        };
        try (EmbeddedContainer container = kind.start(
                app(policy).filter(FilterEntry.of("between", between, "/*").async()))) {
            RawResponse got = container.get("/short.txt").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.bodyText()).isEqualTo("prefix short text");
        }
    }
}
