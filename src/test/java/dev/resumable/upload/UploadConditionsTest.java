// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** RFC 9110 §13.2: what is meant for another state changes nothing; an upload has no tag that could be the right one. */
@DisplayName("the conditions of a request that changes an upload")
class UploadConditionsTest {

    private static final List<String> WRONG =
            List.of("If-Match: \"a\"", "If-Match: W/\"a\", \"b\"", "If-None-Match: *");
    private static final List<String> RIGHT =
            List.of("If-Match: *", "If-None-Match: \"a\"", "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT");

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static void assertRefused(String condition, RawResponse response) throws IOException {
        assertThat(response.status()).as(condition).isEqualTo(412);
        assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/precondition-failed");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hold or refuse in the parts API")
    void parts(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(10, 10);
        String part = upload + "/parts/1";
        for (String condition : WRONG) {
            assertRefused(condition, client.exchange(put(client, part, condition)));
            assertRefused(condition, client.send("DELETE", upload, condition));
            assertRefused(condition, client.send("POST", upload + "/complete", condition));
        }
        assertThat(json(client.get(upload))).containsEntry("received", List.of());
        for (String condition : RIGHT) {
            assertThat(client.exchange(put(client, part, condition)).status())
                    .as(condition)
                    .isEqualTo(200);
        }
        assertThat(client.as("bob").send("DELETE", upload, WRONG.get(0)).status())
                .isEqualTo(404);
        assertThat(client.send("DELETE", upload, RIGHT.get(0)).status()).isEqualTo(204);
    }

    private static RawRequest put(PartsClient client, String part, String condition) {
        return client.request("PUT", part).with(condition).withBody(bytes(1, 10));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hold or refuse in tus")
    void tus(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String upload = client.create(100);
        for (String condition : WRONG) {
            RawResponse refused = client.patch(upload, 0, bytes(1, 10), condition);
            assertRefused(condition, refused);
            assertThat(refused.field("Tus-Resumable")).contains("1.0.0");
            assertRefused(condition, client.send("DELETE", upload, condition));
        }
        long offset = 0;
        for (String condition : RIGHT) {
            assertThat(client.offset(upload)).isEqualTo(offset);
            assertThat(client.patch(upload, offset, bytes(1, 10), condition).status())
                    .as(condition)
                    .isEqualTo(204);
            offset += 10;
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hold or refuse in the IETF draft")
    void draft(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        String upload = client.create(100);
        for (String condition : WRONG) {
            assertRefused(condition, client.append(upload, 0, bytes(1, 10), condition));
            assertRefused(condition, client.send("DELETE", upload, condition));
        }
        long offset = 0;
        for (String condition : RIGHT) {
            assertThat(client.offset(upload)).isEqualTo(offset);
            assertThat(client.append(upload, offset, bytes(1, 10), condition).status())
                    .as(condition)
                    .isBetween(200, 204);
            offset += 10;
        }
    }
}
