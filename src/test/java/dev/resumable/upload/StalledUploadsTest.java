// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** More half-open connections than a container has threads, on the containers' own defaults. */
@DisplayName("with 220 appends that stall")
class StalledUploadsTest {

    private static final int STALLED = 220;
    private static final int SIZE = 10_000;
    private static final int HALF = SIZE / 2;

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        // None of the stalled ones may be ended before the last of them has begun, and been asked for.
        servers = UploadServers.start(Map.of("read-timeout", "10m", "min-data-rate", "1"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("other requests are answered, and each one can be taken over")
    void stalled(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(1, SIZE);
        String file = client.stored(bytes(2, 1000));
        List<String> uploads = new ArrayList<>();
        List<RawClient> connections = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                String upload = client.create(SIZE);
                uploads.add(upload);
                connections.add(RawClient.connect(client.port())
                        .send(client.patching(upload, 0, "Content-Length: " + SIZE)
                                .withUnframedBody(Arrays.copyOf(whole, HALF))));
            }
            assertThat(client.content(file)).isEqualTo(bytes(2, 1000));
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                for (String upload : uploads) {
                    assertThat(client.offset(upload)).isEqualTo(HALF);
                }
            });
            Duration head = Fastest.of(
                    10, () -> assertThat(client.offset(uploads.get(0))).isEqualTo(HALF));
            assertThat(head).isLessThan(Duration.ofMillis(300));
            for (String upload : List.of(uploads.get(0), uploads.get(STALLED - 1))) {
                byte[] rest = Arrays.copyOfRange(whole, HALF, SIZE);
                assertThat(client.patch(upload, HALF, rest).status()).isEqualTo(204);
                assertThat(client.content(upload)).isEqualTo(whole);
            }
            assertThat(connections.get(0).read("PATCH").status()).isEqualTo(409);
        } finally {
            for (RawClient connection : connections) {
                connection.close();
            }
        }
    }
}
