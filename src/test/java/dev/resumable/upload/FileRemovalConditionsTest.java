// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** RFC 9110 §13.2: a DELETE whose conditions do not hold removes nothing. */
@DisplayName("the removal of a file")
class FileRemovalConditionsTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static String stored(PartsClient client, long seed) throws IOException {
        String upload = client.create(10, 10);
        client.put(upload, 1, bytes(seed, 10));
        return client.complete(upload).field("Location").orElseThrow();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is refused if it is meant for another state")
    void refused(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String file = stored(client, 1);
        String tag = client.get(file).field("ETag").orElseThrow();
        for (String condition : List.of(
                "If-Match: \"other\"",
                "If-Match: W/" + tag,
                "If-None-Match: *",
                "If-None-Match: " + tag,
                "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT")) {
            RawResponse response = client.send("DELETE", file, condition);
            assertThat(response.status()).as(condition).isEqualTo(412);
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/precondition-failed");
            assertThat(client.get(file).body()).as(condition).isEqualTo(bytes(1, 10));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is carried out if its conditions hold, and tells of a file that is not there before it looks at them")
    void carriedOut(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        for (String condition : List.of("If-Match: *", "If-None-Match: \"other\"", "If-Modified-Since: x")) {
            assertThat(client.send("DELETE", stored(client, 2), condition).status())
                    .as(condition)
                    .isEqualTo(204);
        }
        String file = stored(client, 3);
        String right = "If-Match: " + client.get(file).field("ETag").orElseThrow();
        assertThat(client.as("bob").send("DELETE", file, "If-Match: \"other\"").status())
                .isEqualTo(404);
        assertThat(client.send("DELETE", file, right).status()).isEqualTo(204);
        assertThat(client.send("DELETE", file, right).status()).isEqualTo(404);
    }
}
