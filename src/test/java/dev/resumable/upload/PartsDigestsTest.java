// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.assertProblem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.digest;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Parts where {@code digests} is {@code required}. */
@DisplayName("a part that must have a digest")
class PartsDigestsTest {

    private static final byte[] PART = bytes(1, 100);
    private static final byte[] FORM =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\n%s\r\n--b--\r\n"
                    .formatted("x".repeat(PART.length))
                    .getBytes(StandardCharsets.US_ASCII);

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("digests", "required"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is refused without one, as a body and in a form")
    void required(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(PART.length, PART.length);
        String part = upload + "/parts/1";
        String[] form = {"Content-Type: multipart/form-data; boundary=b", "X-Requested-With: test"};

        assertProblem(client.send("PUT", part, PART), 400, "digest-required");
        assertProblem(client.send("PUT", part, PART, "Content-Digest: crc32c=:AAAA:"), 400, "digest-required");
        assertProblem(client.send("POST", part, FORM, form), 400, "digest-required");
        assertThat(json(client.get(upload))).containsEntry("received", List.of());

        assertThat(client.send("PUT", part, PART, digest(PART)).status()).isEqualTo(200);
        assertThat(client.send("POST", part, FORM, form[0], digest(FORM)).status())
                .isEqualTo(200);
    }
}
