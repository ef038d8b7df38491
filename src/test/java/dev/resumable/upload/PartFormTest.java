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
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** Forms that stall, break off, or are large beside their file. */
class PartFormTest {

    private static final int SIZE = 100_000;
    private static final String TYPE = "Content-Type: multipart/form-data; boundary=b";
    /** Shows that no page has made the form, {@link FormRequest}. */
    private static final String TELLING = "X-Requested-With: test";

    private static final String OTHER = "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n";
    private static final String FILE = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\n";
    private static final String END = "\r\n--b--\r\n";

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

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends the beginning of a form, and no more. */
    private static RawClient begin(PartsClient client, String upload, byte[] beginning) throws IOException {
        return RawClient.connect(client.port())
                .send(client.request("POST", upload + "/parts/1", TYPE, TELLING)
                        .with("Content-Length: " + 2 * SIZE)
                        .withUnframedBody(beginning));
    }

    private static RawResponse form(PartsClient client, String upload, byte[]... pieces) throws IOException {
        return client.exchange(
                client.request("POST", upload + "/parts/1", TYPE, TELLING).withChunks(pieces));
    }

    @ParameterizedTest
    @ContainerSource
    void oneThatStallsBeforeItsFileIsEnded(ContainerKind kind) throws IOException {
        PartsClient client = hasty.client(kind);
        String upload = client.create(SIZE, SIZE);

        try (RawClient stalled = begin(client, upload, text(OTHER + "x"))) {
            RawResponse response = stalled.read("POST");
            assertThat(response.status()).isEqualTo(408);
            assertThat(json(response).get("type").toString()).endsWith("/too-slow");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void oneThatStallsInItsFileIsTakenOver(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(SIZE, SIZE);

        try (RawClient stalled = begin(client, upload, text(FILE + "x".repeat(SIZE / 2)))) {
            await().until(() -> hasBytes(kind, upload));

            assertThat(client.put(upload, 1, bytes(1, SIZE)).status()).isEqualTo(200);

            RawResponse response = stalled.read("POST");
            assertThat(response.status()).isEqualTo(409);
            assertThat(json(response).get("type").toString()).endsWith("/taken-over");
        }
    }

    private static boolean hasBytes(ContainerKind kind, String upload) throws IOException {
        String id = upload.substring(upload.lastIndexOf('/') + 1);
        try (Stream<Path> files = Files.walk(servers.directory(kind, "uploads").resolve("uploads"))) {
            return files.filter(file -> file.toString().contains(id) && file.endsWith("body"))
                    .anyMatch(file -> file.toFile().length() > 0);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void oneThatIsLargeBesideItsFileIsRefused(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(SIZE, SIZE);
        byte[] part = bytes(2, SIZE);

        RawResponse refused =
                form(client, upload, text(FILE), part, text("\r\n" + OTHER), new byte[1 << 20], text(END));
        assertThat(refused.status()).as(refused.toString()).isEqualTo(413);
        assertThat(json(client.get(upload))).containsEntry("received", List.of());

        RawResponse stored = form(client, upload, text(OTHER), new byte[1 << 19], text("\r\n" + FILE), part, text(END));
        assertThat(stored.status()).as(stored.toString()).isEqualTo(200);
        assertThat(json(stored)).containsEntry("sha256", hex(part));
    }

    @ParameterizedTest
    @ContainerSource
    void oneWithoutItsLastDelimiterIsNotWhole(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(SIZE, SIZE);

        RawResponse refused = form(client, upload, text(FILE), bytes(3, SIZE), text("\r\n--b"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(json(refused).get("type").toString()).endsWith("/incomplete-body");
        assertThat(json(client.get(upload))).containsEntry("received", List.of());
    }
}
