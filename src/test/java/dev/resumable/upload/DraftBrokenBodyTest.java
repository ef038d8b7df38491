// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** Bodies of the IETF draft that stall or break off. */
class DraftBrokenBodyTest {

    private static final int SIZE = 100_000;
    private static final int HALF = SIZE / 2;
    private static final List<Integer> VERSIONS = List.of(3, 5, 6, 8);

    /** They wait for a body longer than any other end of it may take on a busy machine. */
    private static UploadServers servers;

    /** They wait no longer than what has been sent needs to come. */
    private static UploadServers hasty;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("read-timeout", "2m"));
        hasty = UploadServers.start(Map.of("read-timeout", "3s"));
    }

    @AfterAll
    static void stop() {
        servers.close();
        hasty.close();
    }

    /** Begins the last PATCH with all bytes and sends half of them. */
    private static RawClient begin(DraftClient client, String upload, byte[] whole, String... lines)
            throws IOException {
        return RawClient.connect(client.port())
                .send(client.appending(upload, 0, lines)
                        .with(client.last(), "Content-Length: " + whole.length)
                        .withUnframedBody(half(whole)));
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, HALF);
    }

    private static byte[] rest(byte[] whole) {
        return Arrays.copyOfRange(whole, HALF, whole.length);
    }

    @ParameterizedTest
    @ContainerSource
    void everyVersionGoesOnAfterABreak(ContainerKind kind) throws IOException {
        for (int version : VERSIONS) {
            DraftClient client = DraftClient.on(servers, kind).of(version);
            byte[] whole = bytes(version, SIZE);
            String upload = client.create();

            try (RawClient leaving = begin(client, upload, whole)) {
                await().until(() -> client.offset(upload) == HALF);
                leaving.reset();
            }
            await().until(() -> client.offset(upload) == HALF);
            assertThat(client.of(8).isComplete(upload))
                    .as("complete, in version %s", version)
                    .isFalse();
            RawResponse last = client.finish(upload, HALF, rest(whole));

            assertThat(last.status()).as(last.toString()).isEqualTo(201);
            assertThat(client.of(8).isComplete(upload)).isTrue();
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aBrokenAppendKeepsWhatCame(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(11, SIZE);
        String cut = client.create(SIZE);
        String reset = client.create(SIZE);
        String halfClosed = client.create(SIZE);

        try (RawClient leaving = begin(client, cut, whole);
                RawClient vanishing = begin(client, reset, whole);
                RawClient closing = begin(client, halfClosed, whole)) {
            await().until(() -> client.offset(cut) == HALF && client.offset(reset) == HALF);
            await().until(() -> client.offset(halfClosed) == HALF);
            leaving.close();
            closing.halfClose();
            vanishing.reset();
            for (String upload : List.of(cut, reset, halfClosed)) {
                await().until(() -> client.offset(upload) == HALF);
                assertThat(client.isComplete(upload)).isFalse();
                assertThat(client.finish(upload, HALF, rest(whole)).status()).isEqualTo(201);
                assertThat(client.content(upload)).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledAppendIsTakenOver(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(12, SIZE);
        String upload = client.create(SIZE);

        try (RawClient stalled = begin(client, upload, whole)) {
            await().until(() -> client.offset(upload) == HALF);
            Duration look =
                    Fastest.of(3, () -> assertThat(client.offset(upload)).isEqualTo(HALF));
            assertThat(look).isLessThan(Duration.ofSeconds(2));
            assertThat(client.finish(upload, HALF, rest(whole)).status()).isEqualTo(201);

            RawResponse old = stalled.read("PATCH");
            assertThat(old.status()).isEqualTo(409);
            assertThat(old.field("Upload-Complete")).contains("?0");
        }
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void whatHasTheWrongContentDigestIsNotThere(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(18, SIZE);
        String upload = client.create(SIZE);
        String right = PartsClient.digest(whole);

        assertThat(client.finish(upload, 0, bytes(19, SIZE), right).status()).isEqualTo(422);
        assertThat(client.offset(upload)).isZero();
        begin(client, upload, whole, right).close();
        assertThat(client.offset(upload)).isZero();
        assertThat(client.finish(upload, 0, whole, right).status()).isEqualTo(201);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void cancellingEndsAStalledAppend(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        String upload = client.create(SIZE);

        try (RawClient stalled = begin(client, upload, bytes(90, SIZE))) {
            await().until(() -> client.offset(upload) == HALF);
            assertThat(client.send("DELETE", upload).status()).isEqualTo(204);
            assertThat(stalled.read("PATCH").status()).isIn(404, 409);
        }
        assertThat(client.head(upload).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledAppendEndsByItself(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(hasty, kind);
        byte[] whole = bytes(20, SIZE);
        String upload = client.create(SIZE);

        try (RawClient stalled = begin(client, upload, whole)) {
            RawResponse response = stalled.read("PATCH");
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.field("Upload-Complete")).contains("?0");
            assertThat(response.field("Upload-Offset")).contains(Integer.toString(HALF));
        }
        assertThat(client.finish(upload, HALF, rest(whole)).status()).isEqualTo(201);
        assertThat(client.content(upload)).isEqualTo(whole);
    }
}
