// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** A server that is stopped in order, as SIGTERM does it. */
@DisplayName("a server that stops")
class ShutdownTest {

    private static final int SIZE = 300_000;
    private static final int HALF = SIZE / 2;
    private static final int UPLOADS = 20;

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("ends running appends and keeps all that they have brought")
    void appends(ContainerKind kind) throws IOException {
        TusClient before = TusClient.on(servers, kind);
        List<String> uploads = new ArrayList<>();
        List<RawClient> running = new ArrayList<>();
        for (int i = 0; i < UPLOADS; i++) {
            String upload = before.create(SIZE);
            uploads.add(upload);
            running.add(RawClient.connect(before.port())
                    .send(before.patching(upload, 0, "Content-Length: " + SIZE)
                            .withUnframedBody(Arrays.copyOf(bytes(i, SIZE), HALF))));
        }
        // Written, but nobody has asked for the offset yet, which would make it durable.
        await().untilAsserted(() -> assertThat(writtenBytes(kind)).isEqualTo((long) UPLOADS * HALF));

        servers.stop(kind);

        for (RawClient client : running) {
            assertHasEnded(client);
        }
        servers.start(kind);
        TusClient after = TusClient.on(servers, kind);
        for (int i = 0; i < UPLOADS; i++) {
            byte[] whole = bytes(i, SIZE);
            assertThat(after.offset(uploads.get(i))).isEqualTo(HALF);
            after.patch(uploads.get(i), HALF, Arrays.copyOfRange(whole, HALF, SIZE));
            assertThat(after.content(uploads.get(i))).isEqualTo(whole);
        }
    }

    private static long writtenBytes(ContainerKind kind) throws IOException {
        try (var files = Files.walk(servers.directory(kind, "uploads").resolve("uploads"))) {
            return files.filter(file -> file.endsWith("body"))
                    .map(Path::toFile)
                    .mapToLong(java.io.File::length)
                    .sum();
        }
    }

    /** By an answer, the servlet's or the container's, or by the end of its connection, which some close before the servlet. */
    private static void assertHasEnded(RawClient client) throws IOException {
        try (client) {
            RawResponse response = client.read("PATCH");
            assertThat(response.status()).as("answer %s", response).isGreaterThanOrEqualTo(400);
        } catch (SocketTimeoutException e) {
            fail("the request has not ended", e);
        } catch (IOException e) {
            // Its connection has.
        }
    }
}
