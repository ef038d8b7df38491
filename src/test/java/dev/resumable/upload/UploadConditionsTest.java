// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** RFC 9110 §13.2: what is meant for another state changes nothing; no upload or part has a tag that could be the right one. */
@DisplayName("the conditions of a request that changes an upload or a part")
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
    void uploads(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(10, 10);
        for (String condition : WRONG) {
            assertRefused(condition, client.send("DELETE", upload, condition));
            assertRefused(condition, client.send("POST", upload + "/complete", condition));
        }
        assertThat(client.as("bob").send("DELETE", upload, WRONG.get(0)).status())
                .isEqualTo(404);
        assertThat(client.send("DELETE", upload, RIGHT.get(0)).status()).isEqualTo(204);
    }

    /** RFC 9110 §13.1.1, §13.1.2: the target is the part, and not its upload. */
    @ParameterizedTest
    @ContainerSource
    @DisplayName("ask of a part, if they are \"*\", whether it is there")
    void parts(ContainerKind kind) throws IOException {
        for (Put put : List.<Put>of(UploadConditionsTest::put, UploadConditionsTest::form)) {
            PartsClient client = servers.client(kind);
            String upload = client.create(10, 10);
            for (String condition : List.of("If-Match: *", "If-Match: \"a\"", "If-Match: W/\"a\", \"b\"")) {
                assertRefused(condition, client.exchange(put.of(client, upload, 1, condition)));
            }
            assertThat(json(client.get(upload))).containsEntry("received", List.of());
            assertPut(client, put.of(client, upload, 1, "If-None-Match: *"));
            Object received = json(client.get(upload)).get("received");

            for (String condition : WRONG) {
                assertRefused(condition, client.exchange(put.of(client, upload, 2, condition)));
            }
            assertThat(json(client.get(upload))).containsEntry("received", received);
            for (String condition : RIGHT) {
                assertPut(client, put.of(client, upload, 2, condition));
            }
            assertThat(json(client.get(upload)).get("received")).isNotEqualTo(received);
        }
    }

    /** RFC 9110 §13.2.1: conditions are ignored if the answer without them would be no success. */
    @ParameterizedTest
    @ContainerSource
    @DisplayName("say nothing of a part that cannot be put anyhow")
    void noParts(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(10, 10);
        String appended = DraftClient.on(servers, kind).create(10);
        for (String condition : List.of("If-Match: *", "If-Match: \"a\"", "If-None-Match: *")) {
            RawRequest second =
                    client.request("PUT", upload + "/parts/2", condition).withBody(bytes(1, 10));
            assertThat(client.exchange(second).status()).isEqualTo(404);
            assertThat(client.as("bob")
                            .exchange(put(client.as("bob"), upload, 1, condition))
                            .status())
                    .isEqualTo(404);
            assertThat(client.exchange(put(client, appended, 1, condition)).status())
                    .isEqualTo(409);
        }
        for (String condition : List.of("If-None-Match: \"a\"", "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT")) {
            assertPut(client, put(client, client.create(10, 10), 1, condition));
        }
    }

    /** The same. */
    @ParameterizedTest
    @ContainerSource
    @DisplayName("say nothing of an upload of another protocol, nor with a method that an upload does not have")
    void noChange(ContainerKind kind) throws IOException {
        PartsClient parts = servers.client(kind);
        TusClient tus = TusClient.on(servers, kind);
        DraftClient draft = DraftClient.on(servers, kind);
        String ofParts = parts.create(10, 10);
        String ofTus = tus.create(10);
        String ofDraft = draft.create(10);
        for (String condition : WRONG) {
            List<RawResponse> answers = List.of(
                    parts.send("POST", ofDraft + "/complete", condition),
                    tus.patch(ofDraft, 0, bytes(1, 10), condition),
                    tus.send("DELETE", ofParts, condition),
                    draft.append(ofParts, 0, bytes(1, 10), condition));
            assertThat(answers).extracting(RawResponse::status).as(condition).containsOnly(409);
            // In tus the version is a condition of its own.
            assertThat(draft.append(ofTus, 0, bytes(1, 10), condition).field("Tus-Version"))
                    .contains("1.0.0");
            assertThat(tus.send("PUT", ofTus, condition).status()).as(condition).isEqualTo(405);
            assertThat(draft.send("PUT", ofDraft, condition).status())
                    .as(condition)
                    .isEqualTo(405);
        }
    }

    /** How the only part of an upload is put, with bytes of that seed. */
    @FunctionalInterface
    private interface Put {
        RawRequest of(PartsClient client, String upload, int seed, String condition);
    }

    private static RawRequest put(PartsClient client, String upload, int seed, String condition) {
        return client.request("PUT", upload + "/parts/1", condition).withBody(bytes(seed, 10));
    }

    private static RawRequest form(PartsClient client, String upload, int seed, String condition) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\n".getBytes(US_ASCII));
        form.writeBytes(bytes(seed, 10));
        form.writeBytes("\r\n--b--\r\n".getBytes(US_ASCII));
        return client.request("POST", upload + "/parts/1", condition)
                .with("Content-Type: multipart/form-data; boundary=b")
                .withBody(form.toByteArray());
    }

    private static void assertPut(PartsClient client, RawRequest request) throws IOException {
        RawResponse response = client.exchange(request);
        assertThat(response.status()).as(request + " " + response).isEqualTo(200);
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
