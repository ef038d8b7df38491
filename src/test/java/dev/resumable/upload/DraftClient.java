// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;

/** A client of the IETF draft in one of its versions; each request goes over a connection of its own. */
record DraftClient(int port, String base, String owner, int version) {

    static final String BYTES = "Content-Type: application/partial-upload";

    static DraftClient on(UploadServers servers, ContainerKind kind) {
        return new DraftClient(servers.on(kind).port(), "/app/uploads", "alice", 8);
    }

    DraftClient as(String otherOwner) {
        return new DraftClient(port, base, otherOwner, version);
    }

    DraftClient at(String otherBase) {
        return new DraftClient(port, otherBase, owner, version);
    }

    DraftClient of(int otherVersion) {
        return new DraftClient(port, base, owner, otherVersion);
    }

    /** A request with the version, which {@link #bare} does not have. */
    RawRequest request(String method, String path, String... lines) {
        return bare(method, path, lines).with("Upload-Draft-Interop-Version: " + version);
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

    /** The field that says whether the upload ends with a request. */
    String last() {
        return version == 3 ? "Upload-Incomplete: ?0" : "Upload-Complete: ?1";
    }

    String more() {
        return version == 3 ? "Upload-Incomplete: ?1" : "Upload-Complete: ?0";
    }

    RawResponse post(byte[] body, String... lines) throws IOException {
        return exchange(request("POST", base + "/", lines).withBody(body));
    }

    /** Creates an upload without bytes and gives its path. */
    String create(String... lines) throws IOException {
        RawResponse response =
                exchange(request("POST", base + "/", lines).with(more()).withBody(new byte[0]));
        if (response.status() != 201) {
            throw new AssertionError("not created: " + response);
        }
        return response.field("Location").orElseThrow();
    }

    String create(long length) throws IOException {
        return create("Upload-Length: " + length);
    }

    RawRequest appending(String upload, long offset, String... lines) {
        return request("PATCH", upload, lines).with(BYTES, "Upload-Offset: " + offset);
    }

    RawResponse append(String upload, long offset, byte[] body, String... lines) throws IOException {
        return exchange(appending(upload, offset, lines).with(more()).withBody(body));
    }

    RawResponse finish(String upload, long offset, byte[] body, String... lines) throws IOException {
        return exchange(appending(upload, offset, lines).with(last()).withBody(body));
    }

    RawResponse head(String upload) throws IOException {
        return send("HEAD", upload);
    }

    long offset(String upload) throws IOException {
        return Long.parseLong(head(upload).field("Upload-Offset").orElse("-1"));
    }

    boolean isComplete(String upload) throws IOException {
        return head(upload).field("Upload-Complete").equals(java.util.Optional.of("?1"));
    }

    /** An upload that is complete. */
    String stored(byte[] content) throws IOException {
        String upload = create();
        finish(upload, 0, content);
        return upload;
    }

    /** The bytes of the file that an upload has become, found by the parts API. */
    byte[] content(String upload) throws IOException {
        PartsClient parts = new PartsClient(port, base, owner);
        return parts.get(PartsClient.file(parts.get(upload)).get("href").toString())
                .body();
    }
}
