// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** Bodies that stall, break off or come in pieces. */
class BrokenBodyTest {

    private static final int PART = 100_000;

    /** They wait for a body longer than any other end of it may take on a busy machine. */
    private static UploadServers servers;

    private static UploadServers hasty;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("read-timeout", "2m"));
        hasty = UploadServers.start(Map.of("read-timeout", "1s"));
    }

    @AfterAll
    static void stop() {
        servers.close();
        hasty.close();
    }

    private static RawClient begin(PartsClient client, String upload, int number, byte[] first) throws IOException {
        RawRequest request = client.request("PUT", upload + "/parts/" + number)
                .with("Content-Length: " + PART)
                .withUnframedBody(first);
        return RawClient.connect(client.port()).send(request);
    }

    @ParameterizedTest
    @ContainerSource
    void aBodyInSmallPiecesIsWhole(ContainerKind kind) throws Exception {
        PartsClient client = servers.client(kind);
        byte[] part = bytes(1, PART);
        String upload = client.create(PART, PART);

        try (RawClient connection = begin(client, upload, 1, Arrays.copyOf(part, 10))) {
            for (int at = 10; at < PART; at += 9_999) {
                Thread.sleep(5);
                connection.send(Arrays.copyOfRange(part, at, Math.min(PART, at + 9_999)));
            }
            RawResponse response = connection.read("PUT").assertComplete();
            assertThat(response.status()).isEqualTo(200);
            assertThat(json(response)).containsEntry("sha256", hex(part));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aChunkedBodyIsWhole(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] part = bytes(2, PART);
        String upload = client.create(PART, PART);

        RawResponse response = client.exchange(client.request("PUT", upload + "/parts/1")
                .withChunks(Arrays.copyOf(part, 33_333), Arrays.copyOfRange(part, 33_333, PART)));

        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response)).containsEntry("sha256", hex(part));
    }

    @ParameterizedTest
    @ContainerSource
    void aClientThatAsksFirstIsToldToGoOnOrNot(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] part = bytes(10, PART);
        String upload = client.create(PART, PART);
        String[] lines = {"Content-Length: " + PART, "Expect: 100-continue"};

        try (RawClient connection = RawClient.connect(client.port())) {
            connection.send(client.request("PUT", upload + "/parts/1").with(lines));
            connection.send(part);
            assertThat(connection.read("PUT").assertComplete().status()).isEqualTo(200);
        }
        try (RawClient connection = RawClient.connect(client.port())) {
            connection.send(client.request("PUT", upload + "/parts/2").with(lines));
            assertThat(connection.read("PUT").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aPartThatBreaksOffIsNotThere(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(PART, PART);
        byte[] half = Arrays.copyOf(bytes(3, PART), PART / 2);

        begin(client, upload, 1, half).close();
        begin(client, upload, 1, half).reset();
        try (RawClient connection = begin(client, upload, 1, half)) {
            connection.halfClose();
            assertThat(json(client.get(upload))).containsEntry("received", List.of());
            assertThat(client.put(upload, 1, bytes(4, PART)).status()).isEqualTo(200);
        }
        assertThat(json(client.complete(upload)).get("status")).isEqualTo("complete");
    }

    @ParameterizedTest
    @ContainerSource
    void aBrokenPartDoesNotHarmTheOneThatIsThere(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(PART, PART);
        client.put(upload, 1, bytes(5, PART));

        begin(client, upload, 1, Arrays.copyOf(bytes(6, PART), PART - 1)).close();
        // Of the whole body, but wrong.
        client.send("PUT", upload + "/parts/1", bytes(6, PART), PartsClient.digest(bytes(5, PART)));

        await().until(() -> client.complete(upload).status() == 201);
        String href = PartsClient.file(client.complete(upload)).get("href").toString();
        // The hash may still be known from before; the bytes on the disk cannot.
        assertThat(client.get(href).body()).isEqualTo(bytes(5, PART));
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledPartIsTakenOver(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(PART, PART);
        byte[] right = bytes(7, PART);

        try (RawClient stalled = begin(client, upload, 1, Arrays.copyOf(bytes(8, PART), PART / 2))) {
            Duration look =
                    Fastest.of(3, () -> assertThat(client.get(upload).status()).isEqualTo(200));
            assertThat(look).isLessThan(Duration.ofSeconds(2));
            assertThat(client.put(upload, 1, right).status()).isEqualTo(200);

            RawResponse old = stalled.read("PUT");
            assertThat(old.status()).isEqualTo(409);
            assertThat(json(old)).containsEntry("type", "https://resumable.dev/problems/taken-over");
        }
        assertThat(PartsClient.file(client.complete(upload))).containsEntry("sha256", hex(right));
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledPartEndsByItself(ContainerKind kind) throws IOException {
        PartsClient client = hasty.client(kind);
        String upload = client.create(PART, PART);

        try (RawClient stalled = begin(client, upload, 1, new byte[100])) {
            RawResponse response = stalled.read("PUT");
            assertThat(response.status()).isEqualTo(408);
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/too-slow");
            stalled.assertClosedWithin(Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void cancellingEndsAStalledPartAtOnce(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(PART, PART);

        try (RawClient stalled = begin(client, upload, 1, new byte[100])) {
            await().until(() -> client.send("DELETE", upload).status() == 204);
            assertThat(stalled.read("PUT").status()).isIn(404, 409);
        }
        assertThat(client.get(upload).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    void manyStalledPartsHoldNoThread(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(300L * PART, PART);
        List<RawClient> stalled = new ArrayList<>();
        try {
            client.get(upload);
            int before = Thread.activeCount();
            for (int number = 1; number <= 250; number++) {
                stalled.add(begin(client, upload, number, new byte[1000]));
            }
            assertThat(client.put(upload, 300, bytes(9, PART)).status()).isEqualTo(200);
            assertThat(client.get(upload).status()).isEqualTo(200);
            assertThat(threadsOfContainer()).as("threads, %s before", before).isLessThan(100);
            client.send("DELETE", upload);
        } finally {
            for (RawClient connection : stalled) {
                connection.close();
            }
        }
    }

    /** Those of all containers of this test together that are not waiting for work. */
    private static long threadsOfContainer() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(UploadServlet.class.getName())
                                || frame.getClassName().equals(BodyReception.class.getName())))
                .count();
    }
}
