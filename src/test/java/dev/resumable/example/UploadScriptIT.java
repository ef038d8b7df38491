// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ExecutableWar;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell script of {@code docs/uploads.md}, exactly as it stands there. */
@Timeout(120)
@DisplayName("the upload script of the documentation")
final class UploadScriptIT {
    private static final Path PROJECT = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    /** Four parts of 5 MiB and a rest. */
    private static final int LENGTH = 21_000_000;

    @TempDir
    Path directory;

    private Path file;

    /** What a run has printed, and its exit code. */
    private record Run(int exit, List<String> lines) {}

    @BeforeEach
    void prepare() throws IOException {
        List<String> page = Files.readAllLines(PROJECT.resolve("docs/uploads.md"));
        String script = page.stream()
                .dropWhile(line -> !line.equals("```sh"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(directory.resolve("upload.sh"), script);
        file = Bytes.write(directory.resolve("a \"b\" c.bin"), LENGTH);
        Files.createDirectory(directory.resolve("files"));
    }

    private Process start(int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "upload.sh", file.toString(), "http://127.0.0.1:" + port + "/uploads/")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("TMPDIR", directory.toString());
        return builder.start();
    }

    private Run end(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        return new Run(process.exitValue(), Files.readAllLines(directory.resolve("out")));
    }

    @Test
    @DisplayName("goes on where a kill of curl in the middle of a part has stopped it")
    void resumesAfterAKill() throws Exception {
        try (ExecutableWar war = ExecutableWar.start(ExampleWar.path(), directory.resolve("files"));
                FaultyLink link = FaultyLink.to(war.port())) {
            // The creation, two parts, and half of the third.
            link.nextConnection(LinkPlan.clean())
                    .nextConnection(LinkPlan.clean())
                    .nextConnection(LinkPlan.clean())
                    .nextConnection(LinkPlan.toServer(Fault.stallAfter(2_500_000)));
            Process first = start(link.port());
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> link.bytesToServer() > 2 * (5 << 20) + 2_400_000L);
                first.descendants()
                        .filter(child -> child.info().command().orElse("").endsWith("curl"))
                        .forEach(ProcessHandle::destroyForcibly);
                Run killed = end(first);
                assertThat(killed.exit()).as("%s", killed.lines()).isNotZero();
                assertThat(killed.lines()).contains("part 1", "part 2").doesNotContain("part 3");
            } finally {
                first.destroyForcibly();
            }

            Run second = end(start(war.port()));
            assertThat(second.exit()).as("%s", second.lines()).isZero();
            assertThat(second.lines()).hasSize(4).startsWith("part 3", "part 4", "part 5");
            URI stored = war.baseUri().resolve(second.lines().get(3));
            try (var body = stored.toURL().openStream()) {
                assertThat(body.readAllBytes()).isEqualTo(Bytes.pattern(LENGTH));
            }

            Run third = end(start(war.port()));
            assertThat(third.lines()).as("nothing is sent again").containsExactly(stored.getPath());
            assertThat(third.exit()).isZero();
        }
    }
}
