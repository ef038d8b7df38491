// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.resumable.example.ExampleWar;
import dev.resumable.testing.ExecutableWar;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executable WAR that gets SIGTERM while uploads run. */
@Timeout(120)
@DisplayName("the executable WAR after SIGTERM")
class TerminationIT {

    private static final int SIZE = 400_000;
    private static final int HALF = SIZE / 2;
    private static final int APPENDS = 10;

    @TempDir
    private Path directory;

    private ExecutableWar start(Path data) throws IOException {
        return ExecutableWar.start(
                ExampleWar.path(),
                Files.createDirectories(directory.resolve("files")),
                "--owner-field",
                "X-Owner",
                "--data",
                data.toString());
    }

    @Test
    @DisplayName("has ended running requests, and kept what they had brought to appends, and no piece of a part")
    void ends() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        try (ExecutableWar war = start(data)) {
            TusClient tus = new TusClient(war.port(), "/uploads", "alice");
            DraftClient draft = new DraftClient(war.port(), "/uploads", "alice", 8);
            PartsClient parts = new PartsClient(war.port(), "/uploads", "alice");
            List<String> appended = new ArrayList<>();
            List<RawClient> running = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                String upload = tus.create(SIZE);
                appended.add(upload);
                running.add(RawClient.connect(war.port())
                        .send(tus.patching(upload, 0, "Content-Length: " + SIZE).withUnframedBody(half(i))));
            }
            String last = draft.create();
            running.add(RawClient.connect(war.port())
                    .send(draft.appending(last, 0, draft.last(), "Content-Length: " + SIZE)
                            .withUnframedBody(half(APPENDS))));
            String parted = parts.create(SIZE, SIZE);
            running.add(RawClient.connect(war.port())
                    .send(parts.request("PUT", parted + "/parts/1", "Content-Length: " + SIZE)
                            .withUnframedBody(half(APPENDS + 1))));
            // Nobody has asked for an offset, which would have made the bytes durable.
            await().untilAsserted(() -> assertThat(writtenBytes(data)).isEqualTo((APPENDS + 2L) * HALF));

            war.stop();

            assertThat(war.handle().isAlive()).isFalse();
            for (RawClient client : running) {
                assertHasEnded(client);
            }
            war.restart();
            for (int i = 0; i < APPENDS; i++) {
                assertThat(tus.offset(appended.get(i))).isEqualTo(HALF);
                tus.patch(appended.get(i), HALF, Arrays.copyOfRange(bytes(i, SIZE), HALF, SIZE));
                assertThat(tus.content(appended.get(i))).isEqualTo(bytes(i, SIZE));
            }
            assertThat(draft.offset(last)).isEqualTo(HALF);
            assertThat(draft.isComplete(last)).isFalse();
            assertThat(json(parts.get(parted))).containsEntry("received", List.of());
        }
    }

    private static byte[] half(int seed) {
        return Arrays.copyOf(bytes(seed, SIZE), HALF);
    }

    private static long writtenBytes(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.getParent().getParent().getParent().endsWith("uploads"))
                    .filter(file -> !file.toString().endsWith(".json"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** By an answer, the servlet's or the container's, or by the end of its connection. */
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
