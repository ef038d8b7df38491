// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Huge bodies in a process with a heap of 64 MiB, which would end at once if memory ran out. */
@DisplayName("with a heap of 64 MiB")
final class BigBodyIT {

    private static final long HUGE = 3L << 30;
    private static final long LARGE = 64L << 20;
    private static final int MANY = 20;
    private static final int MANY_COMPRESSED = 60;
    private static final long COMPRESSED = 4L << 20;
    private static final long TERABYTE = 1_000_000_000_000L;
    private static final long HEAP_ALLOWANCE = 12L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path spools;

    @TempDir
    private Path logs;

    private Process start(ContainerKind kind) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.io.tmpdir=" + logs,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapServer.class.getName(),
                        kind.name(),
                        spools.toString())
                .redirectError(errors().toFile())
                .start();
    }

    private Path errors() {
        return logs.resolve("errors.txt");
    }

    /** The failure with what the server has to say of it: where its heap was too small, it is gone. */
    private AssertionError explained(ContainerKind kind, Process process, Throwable failure)
            throws IOException, InterruptedException {
        String state = process.waitFor(1, TimeUnit.SECONDS) ? "ended with " + process.exitValue() : "is running";
        return new AssertionError(kind + " " + state + "\n" + Files.readString(errors()), failure);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("huge, many and wrongly declared bodies are answered right")
    void bigBodies(ContainerKind kind) throws IOException, InterruptedException {
        Process process = start(kind);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(out.readLine().substring("port ".length()));
            long before = heap(port);
            rangesNearTheEnd(port, "/body?length=" + HUGE);
            rangesNearTheEnd(port, "/body?tag&length=" + HUGE + "&declared=" + HUGE);
            wronglyDeclared(port);
            manyAtOnce(port);
            manyCompressed(port);
            assertThat(heap(port) - before).as("heap").isLessThan(HEAP_ALLOWANCE);
            assertThat(process.isAlive()).isTrue();
            Spools.assertNoneLeft(spools);
        } catch (IOException | AssertionError e) {
            throw explained(kind, process, e);
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static long heap(int port) throws IOException {
        return Long.parseLong(ask(port, "/heap").assertComplete().bodyText());
    }

    private static RawResponse ask(int port, String target, String... lines) throws IOException {
        try (RawClient client = RawClient.connect(port).timeout(PATIENCE)) {
            return client.get(target, lines);
        }
    }

    /** Beyond what an int can count. */
    private static void rangesNearTheEnd(int port, String target) throws IOException {
        RawResponse got =
                ask(port, target, "Range: bytes=" + (HUGE - 1_000) + "-").assertComplete();
        assertThat(got.status()).isEqualTo(206);
        assertThat(got.field("Content-Range")).contains("bytes " + (HUGE - 1_000) + "-" + (HUGE - 1) + "/" + HUGE);
        assertThat(got.body()).isEqualTo(Bytes.slice(HUGE - 1_000, 1_000));
    }

    /** A terabyte that never comes must neither be provided for nor look complete. */
    private static void wronglyDeclared(int port) throws IOException {
        for (String tag : new String[] {"", "tag&"}) {
            RawRequest request = RawRequest.get("/body?" + tag + "length=1&declared=" + TERABYTE);
            try (RawClient client = RawClient.connect(port).timeout(Duration.ofSeconds(2))) {
                // One container keeps the connection open for the next request; the body is short all the same.
                Outcome.of(client, request)
                        .complete()
                        .ifPresent(got -> assertThat(got.status()).isEqualTo(500));
            }
        }
    }

    private static void manyAtOnce(int port) throws IOException {
        String expected = Bytes.sha256(0, LARGE);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            clients.add(RawClient.connect(port).timeout(PATIENCE).send(RawRequest.get("/body?length=" + LARGE)));
        }
        for (RawClient client : clients) {
            try (client) {
                RawResponse got = client.begin("GET").digestRest().assertComplete();
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.field("ETag")).isPresent();
                assertThat(got.sha256()).isEqualTo(expected);
            }
        }
    }

    /** Each of a size that the filter compresses by default. */
    private static void manyCompressed(int port) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < MANY_COMPRESSED; i++) {
            clients.add(RawClient.connect(port)
                    .timeout(PATIENCE)
                    .send(RawRequest.get("/body?text&length=" + COMPRESSED, "Accept-Encoding: gzip")));
        }
        String first = "";
        for (RawClient client : clients) {
            try (client) {
                RawResponse got = client.begin("GET").digestRest().assertComplete();
                assertThat(got.field("Content-Encoding")).contains("gzip");
                first = first.isEmpty() ? got.sha256() : first;
                assertThat(got.sha256()).isEqualTo(first);
            }
        }
    }
}
