// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
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

/** The field Upload-Draft-Interop-Version in final answers, where 104 responses cannot tell that a client is understood. */
@DisplayName("the interop version in answers of the draft")
class DraftVersionFieldTest {

    private static final String VERSION = "Upload-Draft-Interop-Version";

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("allowed-origins", "https://shop.example"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is that of the client, also where a request is refused")
    void named(ContainerKind kind) throws IOException {
        for (int version : List.of(3, 5, 6, 8)) {
            DraftClient client = DraftClient.on(servers, kind).of(version);
            RawResponse created = client.post(bytes(1, 10), client.more());
            String upload = created.field("Location").orElseThrow();
            List<RawResponse> answers = List.of(
                    created,
                    client.head(upload),
                    client.append(upload, 10, bytes(2, 10)),
                    client.append(upload, 10, bytes(2, 10)),
                    client.finish(upload, 20, bytes(3, 10)),
                    client.send("DELETE", upload),
                    client.head(upload));
            assertThat(answers)
                    .extracting(answer -> answer.field(VERSION).orElse("none"))
                    .containsOnly("" + version);
            assertThat(answers.get(3).status()).isEqualTo(409);
            assertThat(answers.get(6).status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is absent for a number that has no rules of its own, and for none")
    void absent(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        assertThat(client.of(99).post(bytes(1, 10), client.last()).fields(VERSION))
                .isEmpty();
        assertThat(client.exchange(client.bare("POST", client.base() + "/", client.last())
                                .withBody(bytes(1, 10)))
                        .fields(VERSION))
                .isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("may be read by pages of allowed origins")
    void exposed(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        RawResponse response = client.post(bytes(1, 10), client.last(), "Origin: https://shop.example");
        assertThat(response.field("Access-Control-Expose-Headers").orElse("").split(", "))
                .contains(VERSION);
    }
}
