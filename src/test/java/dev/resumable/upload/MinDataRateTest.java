// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.upload.store.UploadStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bodies that never pause for long, and never come to an end either; on all containers at once, since a rate takes its time. */
@DisplayName("a body that drips")
class MinDataRateTest {

    private static final int SIZE = 10_000_000;
    private static final int PACE_MILLIS = 100;
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("min-data-rate", "1KiB", "read-timeout", "1m"), HastyServlet::new);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    /** Judges rates sooner than users would like. */
    private static final class HastyServlet extends UploadServlet {
        private static final long serialVersionUID = 1L;

        @Override
        UploadEngine engine(UploadConfig config, UploadStore store) {
            return new UploadEngine(store, config, new UploadListener() {}, UploadEngine.PATIENCE, GRACE);
        }
    }

    /** An append that goes on at its pace until the server ends it, or nobody needs it any more. */
    private static final class Drip implements AutoCloseable {
        private final TusClient client;
        private final String upload;
        private final RawClient connection;
        private final byte[] content = bytes(1, SIZE);
        private final int step;
        private final Thread sender;
        private volatile int sent;
        private volatile boolean stopped;

        Drip(ContainerKind kind, int step) throws IOException {
            this.client = TusClient.on(servers, kind);
            this.upload = client.create(SIZE);
            this.step = step;
            this.connection = RawClient.connect(client.port()).timeout(Duration.ofMinutes(1));
            connection.send(
                    client.patching(upload, 0, "Content-Length: " + SIZE).withUnframedBody(new byte[0]));
            this.sender = new Thread(this::send, "drip");
            sender.start();
        }

        private void send() {
            try {
                while (!stopped && sent < SIZE) {
                    int from = sent;
                    // First, since the server may tell what it has got before this thread goes on.
                    sent = from + step;
                    connection.send(Arrays.copyOfRange(content, from, from + step));
                    Thread.sleep(PACE_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                // The server has ended it.
            }
        }

        @Override
        public void close() throws IOException {
            stopped = true;
            connection.close();
        }
    }

    @Test
    @DisplayName("is ended where it is slower than min-data-rate, keeps its bytes, and can be gone on with")
    void slow() throws IOException {
        Map<ContainerKind, Drip> slow = new EnumMap<>(ContainerKind.class);
        Map<ContainerKind, Drip> fast = new EnumMap<>(ContainerKind.class);
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                slow.put(kind, new Drip(kind, 1));
                // What comes first is enough for seconds in which nothing comes, on a busy machine.
                fast.put(kind, new Drip(kind, 20_000));
            }
            for (ContainerKind kind : ContainerKind.running()) {
                assertEnded(kind, slow.get(kind));
                Drip other = fast.get(kind);
                assertThat(other.sender.isAlive()).as("%s goes on", kind).isTrue();
                assertThat(other.client.offset(other.upload)).isPositive();
            }
        } finally {
            for (Map<ContainerKind, Drip> drips : List.of(slow, fast)) {
                for (Drip drip : drips.values()) {
                    drip.close();
                }
            }
        }
    }

    private static void assertEnded(ContainerKind kind, Drip drip) throws IOException {
        RawResponse response = drip.connection.read("PATCH");
        assertThat(response.status()).as("%s %s", kind, response).isEqualTo(408);
        assertThat(json(response).get("type").toString()).endsWith("/too-slow");
        int kept = Math.toIntExact(drip.client.offset(drip.upload));
        assertThat(kept).as(kind.name()).isBetween(1, drip.sent);
        byte[] more = Arrays.copyOfRange(drip.content, kept, kept + 100);
        assertThat(drip.client.patch(drip.upload, kept, more).status()).isEqualTo(204);
    }
}
