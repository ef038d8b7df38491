// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Appends in tus, with checksums now and then. */
final class TusSender extends Sender {

    private static final int APPEND = 300_000;

    private Optional<String> upload = Optional.empty();
    private byte[] content = {};
    private int acknowledged;
    /** Where the last append would have led. */
    private int sent;
    /** Whether it counts as a whole or not at all. */
    private boolean checked;

    TusSender(String base, Random random, AcknowledgedFiles files) {
        super(base, random, files);
    }

    private TusClient client(int port) {
        return new TusClient(port, base, "alice");
    }

    @Override
    Step step(int port) throws IOException {
        return upload.isEmpty() ? create(port) : append(port, upload.get());
    }

    private Step create(int port) {
        content = newContent();
        RawRequest request = client(port)
                .request("POST", base + "/", "Upload-Length: " + content.length)
                .with("Content-Length: 0");
        Optional<RawResponse> response = ask(port, request);
        if (response.isPresent()) {
            upload = assertStatus(response.get(), 201).field("Location");
            acknowledged = 0;
            sent = 0;
        }
        return response.isPresent() ? Step.ANSWERED : Step.SERVER_GONE;
    }

    private Step append(int port, String path) throws IOException {
        sent = Math.min(content.length, acknowledged + 1 + random.nextInt(APPEND));
        checked = random.nextInt(3) == 0;
        byte[] body = Arrays.copyOfRange(content, acknowledged, sent);
        RawRequest request = client(port).patching(path, acknowledged);
        if (checked) {
            request = request.with("Upload-Checksum: sha256 " + TusClient.base64(PartsClient.sha256(body)));
        }
        Optional<RawResponse> response = ask(port, request.withBody(body));
        if (response.isEmpty()) {
            return Step.SERVER_GONE;
        }
        assertThat(assertStatus(response.get(), 204).field("Upload-Offset")).contains(Integer.toString(sent));
        acknowledged = sent;
        if (acknowledged == content.length) {
            over(response.get().field("Location").orElseThrow());
        }
        return Step.ANSWERED;
    }

    private void over(String href) {
        files.add(href, content);
        upload = Optional.empty();
    }

    @Override
    void check(int port) throws IOException {
        if (upload.isEmpty()) {
            return;
        }
        // What was whole when it was killed the server makes a file of, and says so meanwhile.
        String path = upload.get();
        await().until(() -> client(port).head(path).status() != 423);
        int offset = Math.toIntExact(client(port).offset(path));
        assertThat(offset).as("offset").isBetween(acknowledged, sent);
        if (checked) {
            assertThat(offset).as("offset after a body with a checksum").isIn(acknowledged, sent);
        }
        acknowledged = offset;
        if (offset == content.length) {
            over(hrefOfFile(port, upload.get()));
        }
    }

    /** The server finishes by itself what the kill has interrupted. */
    private String hrefOfFile(int port, String path) {
        PartsClient parts = new PartsClient(port, base, "alice");
        await().until(() -> "complete".equals(json(parts.get(path)).get("status")));
        try {
            return PartsClient.file(parts.get(path)).get("href").toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
