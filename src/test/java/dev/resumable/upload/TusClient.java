// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** A client of tus; each request goes over a connection of its own. */
record TusClient(int port, String base, String owner) {

    static final String BYTES = "Content-Type: application/offset+octet-stream";

    static TusClient on(UploadServers servers, ContainerKind kind) {
        return new TusClient(servers.on(kind).port(), "/app/uploads", "alice");
    }

    TusClient as(String otherOwner) {
        return new TusClient(port, base, otherOwner);
    }

    TusClient at(String otherBase) {
        return new TusClient(port, otherBase, owner);
    }

    TusClient through(int otherPort) {
        return new TusClient(otherPort, base, owner);
    }

    /** A request with the version, which {@link #bare} does not have. */
    RawRequest request(String method, String path, String... lines) {
        return bare(method, path, lines).with("Tus-Resumable: 1.0.0");
    }

    RawRequest bare(String method, String path, String... lines) {
        return RawRequest.of(method, path, lines).with("X-Owner: " + owner, "Connection: close");
    }

    RawResponse exchange(RawRequest request) throws IOException {
        return RawClient.once(port, request).assertComplete();
    }

    RawResponse send(String method, String path, String... lines) throws IOException {
        return exchange(request(method, path, lines));
    }

    RawResponse post(String... lines) throws IOException {
        return exchange(request("POST", base + "/", lines).with("Content-Length: 0"));
    }

    /** Creates an upload and gives its path. */
    String create(String... lines) throws IOException {
        RawResponse response = post(lines);
        if (response.status() != 201) {
            throw new AssertionError("not created: " + response);
        }
        return response.field("Location").orElseThrow();
    }

    String create(long length) throws IOException {
        return create("Upload-Length: " + length);
    }

    RawRequest patching(String upload, long offset, String... lines) {
        return request("PATCH", upload, lines).with(BYTES, "Upload-Offset: " + offset);
    }

    RawResponse patch(String upload, long offset, byte[] body, String... lines) throws IOException {
        return exchange(patching(upload, offset, lines).withBody(body));
    }

    RawResponse head(String upload) throws IOException {
        return send("HEAD", upload);
    }

    long offset(String upload) throws IOException {
        return Long.parseLong(head(upload).field("Upload-Offset").orElse("-1"));
    }

    /** An upload that is complete. */
    String stored(byte[] content) throws IOException {
        String upload = create(content.length);
        patch(upload, 0, content);
        return upload;
    }

    String partial(byte[] content) throws IOException {
        String upload = create("Upload-Length: " + content.length, "Upload-Concat: partial");
        patch(upload, 0, content);
        return upload;
    }

    String joined(String... partials) throws IOException {
        return create("Upload-Concat: final;" + String.join(" ", partials));
    }

    /** The bytes of the file that an upload has become, found by the parts API. */
    byte[] content(String upload) throws IOException {
        PartsClient parts = new PartsClient(port, base, owner);
        return parts.get(PartsClient.file(parts.get(upload)).get("href").toString())
                .body();
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The elements of a list field. */
    static List<String> list(RawResponse response, String name) {
        return Stream.of(response.field(name).orElse("").split(","))
                .map(String::strip)
                .toList();
    }
}
