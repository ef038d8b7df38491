// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.http.DigestFields;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;

/** A client of the parts API; each request goes over a connection of its own. */
record PartsClient(int port, String base, String owner) {

    PartsClient as(String otherOwner) {
        return new PartsClient(port, base, otherOwner);
    }

    PartsClient at(String otherBase) {
        return new PartsClient(port, otherBase, owner);
    }

    RawResponse send(String method, String path, String... fieldLines) throws IOException {
        return exchange(request(method, path, fieldLines));
    }

    RawResponse send(String method, String path, byte[] body, String... fieldLines) throws IOException {
        return exchange(request(method, path, fieldLines).withBody(body));
    }

    RawRequest request(String method, String path, String... fieldLines) {
        return RawRequest.of(method, path, fieldLines).with("X-Owner: " + owner, "Connection: close");
    }

    RawResponse exchange(RawRequest request) throws IOException {
        return RawClient.once(port, request).assertComplete();
    }

    /** Creates with a document and gives the answer. */
    RawResponse creation(String json) throws IOException {
        return send("POST", base + "/", json.getBytes(StandardCharsets.UTF_8), "Content-Type: application/json");
    }

    /** Creates an upload and gives its path. */
    String create(long size, long partSize) throws IOException {
        RawResponse response = creation("{\"fileName\":\"f.bin\",\"size\":" + size + ",\"partSize\":" + partSize + "}");
        if (response.status() != 201) {
            throw new AssertionError("not created: " + response);
        }
        return response.field("Location").orElseThrow();
    }

    RawResponse put(String upload, int number, byte[] part) throws IOException {
        return send("PUT", upload + "/parts/" + number, part, digest(part));
    }

    RawResponse complete(String upload) throws IOException {
        return send("POST", upload + "/complete");
    }

    RawResponse get(String path, String... fieldLines) throws IOException {
        return send("GET", path, fieldLines);
    }

    static String digest(byte[] bytes) {
        return "Content-Digest: " + DigestFields.sha256(sha256(bytes));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes));
    }

    static byte[] bytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Map<String, Object> json(RawResponse response) throws IOException {
        return JSON.std.mapFrom(response.body());
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> file(RawResponse response) throws IOException {
        return (Map<String, Object>) json(response).get("file");
    }

    /** Looks whether an answer is a problem of this status, and of this type of ours. */
    static void assertProblem(RawResponse response, int status, String type) throws IOException {
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(response.field("Content-Type")).contains("application/problem+json");
        assertThat(json(response))
                .containsEntry("type", "https://resumable.dev/problems/" + type)
                .containsEntry("status", status)
                .containsKeys("title", "detail");
    }
}
