// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.DigestFields;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** Digests of the whole (Repr-Digest) in the IETF draft, with the creation and with appends. */
class DraftWholeDigestTest {

    private static final int SIZE = 100_000;
    private static final int HALF = SIZE / 2;
    private static final List<Integer> VERSIONS = List.of(3, 5, 6, 8);

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, HALF);
    }

    private static byte[] rest(byte[] whole) {
        return Arrays.copyOfRange(whole, HALF, whole.length);
    }

    private static List<Object> files(DraftClient client) throws IOException {
        PartsClient parts = new PartsClient(client.port(), client.base(), client.owner());
        return List.copyOf((List<?>) json(parts.get(client.base() + "/files/")).get("files"));
    }

    private static String repr(byte[] content) {
        return "Repr-Digest: " + DigestFields.sha256(PartsClient.sha256(content));
    }

    @ParameterizedTest
    @ContainerSource
    void aWholeOfTheWrongDigestIsNoFile(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).as("dave");
        byte[] whole = bytes(20, SIZE);
        String announced = "Repr-Digest: " + DigestFields.sha256(PartsClient.sha256(whole));
        String wrong = client.create(announced);
        String right = client.create(announced, "Want-Repr-Digest: sha-256=1");

        client.append(wrong, 0, bytes(21, HALF));
        assertThat(client.finish(wrong, HALF, rest(whole)).status()).isEqualTo(422);
        assertThat(client.head(wrong).status()).isEqualTo(404);
        assertThat(files(client)).isEmpty();
        client.append(right, 0, half(whole));
        RawResponse last = client.finish(right, HALF, rest(whole));
        assertThat(last.status()).as(last.toString()).isEqualTo(201);
        assertThat("Repr-Digest: " + last.field("Repr-Digest").orElse("")).isEqualTo(announced);
        // Who knows a digest has to send its bytes all the same.
        assertThat(client.as("eve").create(announced, "Upload-Length: " + SIZE)).isNotEqualTo(right);
        assertThat(client.create(announced, "Upload-Length: " + SIZE)).isNotEqualTo(right);
    }

    @ParameterizedTest
    @ContainerSource
    void theDigestOfTheWholeMayComeWithTheLastBytes(ContainerKind kind) throws IOException {
        for (int version : VERSIONS) {
            DraftClient client =
                    DraftClient.on(servers, kind).as("frank" + version).of(version);
            byte[] whole = bytes(22, SIZE);
            String wrong = client.create();
            String right = client.create();
            client.append(wrong, 0, half(whole));
            client.append(right, 0, half(whole));

            RawResponse refused = client.finish(wrong, HALF, bytes(23, HALF), repr(whole));
            assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
            assertThat(refused.bodyText()).contains("file-digest-mismatch");
            assertThat(files(client)).isEmpty();
            assertThat(client.finish(right, HALF, rest(whole), repr(whole)).status())
                    .isEqualTo(201);
            assertThat(client.content(right)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void theDigestOfTheWholeIsRememberedFromAnyAppend(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).as("grace");
        byte[] whole = bytes(24, SIZE);
        String upload = client.create();

        client.append(upload, 0, half(whole), repr(whole));
        RawResponse other = client.append(upload, HALF, rest(whole), repr(half(whole)));
        assertThat(other.status()).as(other.toString()).isEqualTo(400);
        assertThat(client.offset(upload)).isEqualTo(HALF);
        assertThat(client.append(upload, HALF, new byte[0], "Repr-Digest: sha-256=:AA:")
                        .status())
                .isEqualTo(400);
        assertThat(client.finish(upload, HALF, bytes(25, HALF)).status()).isEqualTo(422);
        assertThat(files(client)).isEmpty();
    }
}
