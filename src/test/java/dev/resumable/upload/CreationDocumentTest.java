// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** What is one JSON document and what is not. */
@DisplayName("the document that creates an upload")
class CreationDocumentTest {

    private static final String DOCUMENT = "{\"fileName\":\"a\",\"size\":1}";

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
    @DisplayName("is followed by nothing but white space")
    void alone(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        for (String more : List.of(" x", DOCUMENT, ",", "]", "}", " null", "\u0000")) {
            RawResponse response = client.creation(DOCUMENT + more);
            assertThat(response.status()).as(more).isEqualTo(400);
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/malformed-request");
            assertThat(response.field("Location")).as(more).isEmpty();
        }
        assertThat(client.creation(" " + DOCUMENT + "\r\n\t ").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has no coding, and the answer says so (RFC 9110 §15.5.16)")
    void uncoded(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        RawResponse response = client.send(
                "POST",
                client.base() + "/",
                DOCUMENT.getBytes(StandardCharsets.UTF_8),
                "Content-Type: application/json",
                "Content-Encoding: gzip");
        assertThat(response.status()).isEqualTo(415);
        assertThat(response.field("Accept-Encoding")).contains("identity");
        assertThat(response.field("Location")).isEmpty();
    }
}
