// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** nginx and httpd behind the proxy; skipped where they are not installed. */
@DisplayName("a real server behind the proxy")
final class ProxyRealUpstreamIT {

    private static final int SIZE = 12_000_000;
    private static final String TEXT = "the same words again and again\n".repeat(1_000);

    @TempDir
    private Path directory;

    static Stream<Arguments> servers() {
        return Stream.of(RealUpstream.values())
                .flatMap(server -> ContainerKind.running().stream().map(kind -> Arguments.of(server, kind)));
    }

    private RealUpstream.Running start(RealUpstream server) throws IOException {
        assumeTrue(server.missing().isEmpty(), () -> server.missing().orElse(""));
        Path root = Files.createDirectory(directory.resolve("root"));
        Path file = Bytes.write(root.resolve("file.bin"), SIZE);
        // httpd has weak tags for what was changed within the last second.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Files.writeString(root.resolve("text.txt"), TEXT);
        return server.start(directory);
    }

    private static EmbeddedContainer proxy(ContainerKind kind, RealUpstream.Running server) {
        // The waits between the tries are half a minute in all, for a server that is slow to come back.
        ProxyConfig config =
                ProxyConfig.builder().target(server.url()).resumeTries(8).build();
        return kind.start(new WebApp()
                .servlet(
                        ServletEntry.of("proxy", new ProxyServlet(config), "/*").async()));
    }

    @ParameterizedTest
    @MethodSource("servers")
    @DisplayName("answers ranges, conditions, codings and credentials through it as it does itself")
    void passes(RealUpstream server, ContainerKind kind) throws Exception {
        try (RealUpstream.Running running = start(server);
                EmbeddedContainer container = proxy(kind, running)) {
            RawResponse whole = container.get("/file.bin").assertComplete();
            assertThat(whole.sha256()).isEqualTo(Bytes.sha256(0, SIZE));
            String tag = whole.field("ETag").orElseThrow();

            RawResponse part = container
                    .get("/file.bin", "Range: bytes=5000000-5000099", "If-Range: " + tag)
                    .assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Range")).contains("bytes 5000000-5000099/" + SIZE);
            assertThat(part.body()).isEqualTo(Bytes.slice(5_000_000, 100));
            assertThat(container
                            .get("/file.bin", "Range: bytes=0-0,-1")
                            .field("Content-Type")
                            .orElseThrow())
                    .startsWith("multipart/byteranges");
            assertThat(container.get("/file.bin", "Range: bytes=" + SIZE + "-").status())
                    .isEqualTo(416);
            assertThat(container.get("/file.bin", "If-None-Match: " + tag).status())
                    .isEqualTo(304);

            RawResponse head = RawClient.once(container.port(), RawRequest.head("/file.bin"));
            assertThat(head.assertComplete().field("Content-Length")).contains("" + SIZE);

            RawResponse coded =
                    container.get("/text.txt", "Accept-Encoding: gzip").assertComplete();
            assertThat(coded.field("Content-Encoding")).contains("gzip");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(coded.body())).readAllBytes())
                    .asString()
                    .isEqualTo(TEXT);
            assertThat(container.get("/text.txt").assertComplete().bodyText()).isEqualTo(TEXT);

            RawResponse refused = container.get("/secret/text.txt").assertComplete();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.field("WWW-Authenticate").orElseThrow()).startsWith("Basic");
            String credentials = Base64.getEncoder().encodeToString("me:key".getBytes(StandardCharsets.US_ASCII));
            assertThat(container
                            .get("/secret/text.txt", "Authorization: Basic " + credentials)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    @DisplayName("may crash and come back within an answer, and the client does not notice")
    void crash(RealUpstream server, ContainerKind kind) throws Exception {
        try (RealUpstream.Running running = start(server);
                EmbeddedContainer container = proxy(kind, running);
                RawClient client = container.connect().timeout(Duration.ofSeconds(60))) {
            OpenResponse open = client.open(RawRequest.get("/slow/file.bin"));
            open.readBody(1_000_000);

            running.crashAndRestart();

            RawResponse got = open.digestRest().assertComplete();
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, SIZE));
        }
    }
}
