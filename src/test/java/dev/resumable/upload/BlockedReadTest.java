// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Bodies that stall where the servlet may not use async processing, on a Tomcat that waits for 2 seconds. */
class BlockedReadTest {

    @TempDir
    private Path directory;

    private EmbeddedContainer start(ContainerKind kind) {
        ServletEntry servlet = ServletEntry.of("uploads", new UploadServlet(), "/uploads/*")
                .loadOnStartup(1)
                .param("directory", directory.toString())
                .param("fsync", "none")
                .param("read-timeout", "1s");
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(servlet)
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "2000")));
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledBodyLetsItsUploadAndItsThreadGo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            byte[] whole = bytes(1, 1000);
            String upload = client.create(whole.length);
            try (RawClient stalled = RawClient.connect(client.port())
                    .send(client.patching(upload, 0)
                            .with("Content-Length: " + whole.length)
                            .withUnframedBody(Arrays.copyOf(whole, 500)))) {
                await().until(() -> client.offset(upload) == 500 && blockedReads() == 1);

                await().atMost(Duration.ofSeconds(8)).until(() -> blockedReads() == 0);
                assertThat(stalled.read("PATCH").status()).isEqualTo(408);
                assertThat(client.patch(upload, 500, Arrays.copyOfRange(whole, 500, 1000))
                                .status())
                        .isEqualTo(204);
            }
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    private static long blockedReads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals("readBlocking")))
                .count();
    }
}
