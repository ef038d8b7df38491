// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Huge content through a proxy with a heap of 64 MiB, which would end at once if memory ran out. */
@DisplayName("a proxy with a heap of 64 MiB")
final class ProxyBigBodyIT {

    private static final long DOWNLOAD = 3L << 30;
    private static final long UPLOAD = (2L << 30) + 12_345;
    /** A whole number of periods of the pattern: the same bytes again and again. */
    private static final byte[] BLOCK = Bytes.pattern(251 << 8);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    private Process start(ContainerKind kind, ScriptedUpstream upstream) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapProxy.class.getName(),
                        kind.name(),
                        upstream.url())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes 3 GiB down and more than 2 GiB up")
    void bigBodies(ContainerKind kind) throws Exception {
        CompletableFuture<Long> uploaded = new CompletableFuture<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(exchange -> {
            if (exchange.request().line().startsWith("POST")) {
                uploaded.complete(countPattern(exchange));
                exchange.send(ProxyBed.OK);
            } else {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + DOWNLOAD + "\r\n\r\n");
                for (long left = DOWNLOAD; left > 0; left -= BLOCK.length) {
                    exchange.send(left < BLOCK.length ? Arrays.copyOf(BLOCK, (int) left) : BLOCK);
                }
            }
        })) {
            Process process = start(kind, upstream);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                int port = Integer.parseInt(out.readLine().substring("port ".length()));
                download(port);
                upload(port);
                assertThat(uploaded.get(10, TimeUnit.SECONDS)).isEqualTo(UPLOAD);
                assertThat(upstream.requests().get(1).field("Content-Length")).contains("" + UPLOAD);
                assertThat(process.isAlive()).isTrue();
            } finally {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void download(int port) throws IOException {
        try (RawClient client = RawClient.connect(port).timeout(PATIENCE)) {
            OpenResponse open = client.open(RawRequest.get("/big"));
            assertThat(open.head().field("Content-Length")).contains("" + DOWNLOAD);
            RawResponse got = open.digestRest().assertComplete();
            assertThat(got.bodyLength()).isEqualTo(DOWNLOAD);
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, DOWNLOAD));
        }
    }

    private static void upload(int port) throws IOException {
        try (RawClient client = RawClient.connect(port).timeout(PATIENCE)) {
            client.send(RawRequest.of("POST", "/big", "Content-Length: " + UPLOAD));
            for (long left = UPLOAD; left > 0; left -= BLOCK.length) {
                client.send(left < BLOCK.length ? Arrays.copyOf(BLOCK, (int) left) : BLOCK);
            }
            assertThat(client.read("POST").assertComplete().bodyText()).isEqualTo("ok");
        }
    }

    /** Reads the content and gives its length, if every block is the right one. */
    private static long countPattern(ScriptedUpstream.Exchange exchange) throws IOException {
        long count = 0;
        while (count < UPLOAD) {
            int size = (int) Math.min(BLOCK.length, UPLOAD - count);
            byte[] got = exchange.read(size);
            if (!Arrays.equals(got, 0, got.length, BLOCK, 0, size)) {
                return -1;
            }
            count += size;
        }
        return count;
    }
}
