// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.Silence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A file is open twice while it goes through the chain: by the default servlet, and by us who compare it. */
@DisplayName("a file of which a client wants no more")
final class AbandonedAnswerTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    private static Path root;

    private final Between between = new Between();

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(root, List.of("large.bin"));
    }

    private static long open() throws IOException {
        String file = root.resolve("large.bin").toRealPath().toString();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(descriptor -> leadsTo(descriptor, file)).count();
        }
    }

    private static boolean leadsTo(Path descriptor, String file) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(file);
        } catch (IOException e) {
            // Closed meanwhile.
            return false;
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not left open")
    void closed(ContainerKind kind) throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "this system has no /proc/self/fd");
        try (EmbeddedContainer container = OldFiles.start(kind, root, RangeConfig.defaults(), between);
                Silence silence = Silence.begin()) {
            for (String range : new String[] {"Accept: */*", "Range: bytes=5-9", "Range: bytes=5-"}) {
                try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
                    OpenResponse begun = client.open(RawRequest.get("/large.bin", range));
                    if (!range.equals("Range: bytes=5-9")) {
                        begun.readBody(50_000);
                        assertThat(open()).as(range).isPositive();
                    } else {
                        begun.rest().assertComplete();
                    }
                    client.reset();
                }
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(open()).as("open after %s", range).isZero());
            }
        }
    }
}
