// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ExecutableWar;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of the example's page, run by Node with the little of a browser that it uses. */
@Timeout(120)
@DisplayName("the script of the page")
final class UploadPageIT {
    /** Larger than what is hashed whole, so that the page must remember the upload itself. */
    private static final int LARGE = 70_000_000;

    @TempDir
    Path directory;

    private ExecutableWar war;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(hasNode(), "Node is not installed");
        try (InputStream program = UploadPageIT.class.getResourceAsStream("/page/upload.mjs")) {
            Files.write(directory.resolve("upload.mjs"), program.readAllBytes());
        }
        war = ExecutableWar.start(ExampleWar.path(), Files.createDirectory(directory.resolve("files")));
    }

    @AfterEach
    void stop() {
        if (war != null) {
            war.close();
        }
    }

    private static boolean hasNode() {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Process load(Path file, int port) throws IOException {
        return new ProcessBuilder(
                        "node", "upload.mjs", "http://127.0.0.1:" + port + "/", file.toString(), "storage.json")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("out"));
    }

    private List<String> end(Process page) throws Exception {
        try {
            assertThat(page.waitFor(60, TimeUnit.SECONDS))
                    .as("ended: %s", lines())
                    .isTrue();
            return lines();
        } finally {
            page.destroyForcibly();
        }
    }

    private static List<String> parts(List<String> lines) {
        return lines.stream().filter(line -> line.contains("/parts/")).toList();
    }

    @Test
    @DisplayName("sends parts with their digests, and nothing of a file that is stored already")
    void uploads() throws Exception {
        Path file = Bytes.write(directory.resolve("small file.bin"), 12_000_000);

        List<String> first = end(load(file, war.port()));
        assertThat(parts(first)).hasSize(3).allMatch(line -> line.endsWith(" 200 digest"));
        assertThat(first).anyMatch(line -> line.startsWith("Stored: small file.bin, SHA-256 "));
        assertThat(first).contains("progress 1, listed 1");

        List<String> second = end(load(file, war.port()));
        assertThat(parts(second)).isEmpty();
        assertThat(second).anyMatch(line -> line.startsWith("Stored: small file.bin, SHA-256 "));
    }

    @Test
    @DisplayName("goes on with a large file when it is loaded again, also when the server was killed")
    void goesOn() throws Exception {
        Path file = Bytes.write(directory.resolve("large.bin"), LARGE);
        // Two parts and a piece go over each connection; of the three, one has the creation too.
        try (FaultyLink link =
                FaultyLink.to(war.port()).everyConnection(LinkPlan.toServer(Fault.stallAfter(12_000_000)))) {
            Process closed = load(file, link.port());
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> parts(lines()).size() >= 3);
            } finally {
                closed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
        List<String> before = parts(lines());
        war.kill9();
        war.restart();

        List<String> after = end(load(file, war.port()));

        assertThat(after).anyMatch(line -> line.startsWith("Stored: large.bin, SHA-256 "));
        assertThat(after).noneMatch(line -> line.startsWith("POST /uploads/ "));
        assertThat(parts(after)).as("after %s", before).isNotEmpty().doesNotContainAnyElementsOf(before);
    }

    @Test
    @DisplayName("forgets an upload whose file was removed, or that is not there any more, and begins anew")
    void forgets() throws Exception {
        Path file = Bytes.write(directory.resolve("small.bin"), 1_000_000);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        String upload = parts(end(load(file, war.port()))).get(0).replaceAll(".*/uploads/(.*)/parts/.*", "$1");
        try (RawClient client = RawClient.connect(war.port())) {
            Map<String, Object> list =
                    JSON.std.mapFrom(client.get("/uploads/files/").body());
            Map<?, ?> stored = (Map<?, ?>) ((List<?>) list.get("files")).get(0);
            String href = stored.get("href").toString();
            assertThat(client.exchange(RawRequest.of("DELETE", href)).status()).isEqualTo(204);
        }

        for (String known : List.of(upload, "A".repeat(upload.length()))) {
            Files.writeString(
                    directory.resolve("storage.json"),
                    JSON.std.asString(Map.of("upload:small.bin:1000000:1700000000000", known)));

            List<String> lines = end(load(file, war.port()));

            assertThat(lines).anyMatch(line -> line.startsWith("GET /uploads/" + known + " "));
            assertThat(lines).anyMatch(line -> line.startsWith("POST /uploads/ "));
            assertThat(lines).anyMatch(line -> line.startsWith("Stored: small.bin, SHA-256 "));
            assertThat(lines).contains("progress 1, listed 1");
            assertThat(directory.resolve("storage.json")).hasContent("{}");
        }
    }
}
