// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static dev.resumable.upload.PartsClient.sha256;
import static dev.resumable.upload.TusClient.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.http.HttpDate;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** What becomes of tus uploads over several requests, some of which break. */
class TusUploadTest {

    private static final int SIZE = 100_000;
    private static final int HALF = SIZE / 2;

    /** They wait for a body longer than any other end of it may take on a busy machine. */
    private static UploadServers servers;

    /** They do not, but long enough for what has been sent to come. */
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

    /** Begins a PATCH of all bytes and sends half of them. */
    private static RawClient begin(TusClient client, String upload, byte[] whole, String... lines) throws IOException {
        return RawClient.connect(client.port())
                .send(client.patching(upload, 0, lines)
                        .with("Content-Length: " + whole.length)
                        .withUnframedBody(Arrays.copyOf(whole, HALF)));
    }

    private static byte[] rest(byte[] whole) {
        return Arrays.copyOfRange(whole, HALF, whole.length);
    }

    @ParameterizedTest
    @ContainerSource
    void aBrokenAppendKeepsWhatCame(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(1, SIZE);
        String cut = client.create(SIZE);
        String reset = client.create(SIZE);
        String halfClosed = client.create(SIZE);

        try (RawClient leaving = begin(client, cut, whole);
                RawClient vanishing = begin(client, reset, whole);
                RawClient closing = begin(client, halfClosed, whole)) {
            // A connection that is reset loses what was not read yet.
            await().until(() -> client.offset(cut) == HALF && client.offset(reset) == HALF);
            await().until(() -> client.offset(halfClosed) == HALF);
            leaving.close();
            closing.halfClose();
            vanishing.reset();
            for (String upload : List.of(cut, reset, halfClosed)) {
                await().untilAsserted(() -> assertThat(client.offset(upload))
                        .as(
                                "%s of cut, reset and half-closed",
                                List.of(cut, reset, halfClosed).indexOf(upload))
                        .isEqualTo(HALF));
                assertThat(client.patch(upload, HALF, rest(whole)).status()).isEqualTo(204);
                assertThat(client.content(upload)).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    void whatComesTogetherWithTheEndIsKept(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(41, SIZE);
        assertThat(whole[HALF - 1]).isNotZero();
        for (int i = 0; i < 5; i++) {
            String upload = client.create(SIZE);
            begin(client, upload, whole).close();

            await().until(() -> client.offset(upload) == HALF);
            assertThat(client.patch(upload, HALF, rest(whole)).status()).isEqualTo(204);
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledAppendIsTakenOver(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(2, SIZE);
        String upload = client.create(SIZE);

        try (RawClient stalled = begin(client, upload, bytes(3, SIZE))) {
            await().until(() -> client.offset(upload) == HALF);
            Duration look =
                    Fastest.of(3, () -> assertThat(client.offset(upload)).isEqualTo(HALF));
            assertThat(look).isLessThan(Duration.ofSeconds(2));
            assertThat(client.patch(upload, HALF, rest(whole)).status()).isEqualTo(204);

            assertThat(stalled.read("PATCH").status()).isEqualTo(409);
        }
        byte[] expected = whole.clone();
        System.arraycopy(bytes(3, SIZE), 0, expected, 0, HALF);
        assertThat(client.content(upload)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledAppendEndsByItself(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(hasty, kind);
        byte[] whole = bytes(42, SIZE);
        String upload = client.create(SIZE);

        try (RawClient stalled = begin(client, upload, whole)) {
            assertThat(stalled.read("PATCH").status()).isEqualTo(408);
        }
        assertThat(client.offset(upload)).isEqualTo(HALF);
        assertThat(client.patch(upload, HALF, rest(whole)).status()).isEqualTo(204);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void aChunkedBodyEndsAtTheLength(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(4, SIZE);
        String upload = client.create(HALF);

        RawResponse response =
                client.exchange(client.patching(upload, 0).withChunks(Arrays.copyOf(whole, HALF), rest(whole)));

        assertThat(response.status()).isEqualTo(413);
        assertThat(client.offset(upload)).isEqualTo(HALF);
        assertThat(client.content(upload)).isEqualTo(Arrays.copyOf(whole, HALF));
    }

    @ParameterizedTest
    @ContainerSource
    void aCompleteUploadTakesAnEmptyChunkedBody(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(50, SIZE);
        String upload = client.stored(whole);

        assertThat(client.exchange(client.patching(upload, SIZE).withChunks()).status())
                .isEqualTo(204);
        assertThat(client.exchange(client.patching(upload, SIZE).withChunks(new byte[1]))
                        .status())
                .isEqualTo(413);
        assertThat(client.exchange(client.patching(upload, HALF).withChunks()).status())
                .isEqualTo(409);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void whatHasTheWrongChecksumIsNotThere(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(5, SIZE);
        String upload = client.create(SIZE);
        String right = "Upload-Checksum: sha256 " + base64(sha256(whole));

        assertThat(client.patch(upload, 0, bytes(6, SIZE), right).status()).isEqualTo(460);
        assertThat(client.offset(upload)).isZero();
        begin(client, upload, whole, right).close();
        assertThat(client.offset(upload)).isZero();
        assertThat(client.patch(upload, 0, whole, right).status()).isEqualTo(204);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void ofRacingAppendsOneWins(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        int tries = 0;
        String upload;
        List<Integer> statuses;
        do {
            upload = client.create(2 * SIZE);
            statuses = raceForAppends(client, upload);
            assertThat(statuses).isSubsetOf(204, 409);
            assertThat(Collections.frequency(statuses, 204)).isLessThanOrEqualTo(1);
            // On a busy machine the first may stall, and be taken over; what it brought then stops the others.
        } while (!statuses.contains(204) && ++tries < 5);

        assertThat(statuses).contains(204);
        assertThat(client.offset(upload)).isEqualTo(SIZE);
    }

    private static List<Integer> raceForAppends(TusClient client, String upload) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] body = bytes(10 + i, SIZE);
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return client.patch(upload, 0, body).status();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }

        return answers.stream().map(CompletableFuture::join).toList();
    }

    @ParameterizedTest
    @ContainerSource
    void repeatingTheLastAppendHarmsNothing(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(7, SIZE);
        String upload = client.stored(whole);

        assertThat(client.patch(upload, 0, whole).status()).isEqualTo(409);
        assertThat(client.offset(upload)).isEqualTo(SIZE);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void aChecksumIsThatOfABodyAndNotOfAFile(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] one = bytes(8, SIZE);
        byte[] two = bytes(9, SIZE);
        System.arraycopy(one, HALF, two, HALF, HALF);
        String checksum = "Upload-Checksum: sha1 " + base64(sha1(rest(one)));

        for (byte[] whole : List.of(one, two)) {
            String upload = client.create(SIZE);
            client.patch(upload, 0, Arrays.copyOf(whole, HALF));
            RawResponse last = client.patch(upload, HALF, rest(whole), checksum);
            assertThat(last.status()).isEqualTo(204);
            assertThat(client.content(upload)).isEqualTo(whole);
            assertThat(new PartsClient(client.port(), "", "alice")
                            .get(last.field("Location").orElseThrow())
                            .body())
                    .isEqualTo(whole);
        }
    }

    private static byte[] sha1(byte[] bytes) {
        var digest = DigestAlgorithm.SHA_1.newDigest();
        return digest.digest(bytes);
    }

    @ParameterizedTest
    @ContainerSource
    void partialUploadsAreJoined(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String one = client.partial(bytes(20, 1000));
        String two = client.partial(bytes(21, 500));
        String unfinished = client.create("Upload-Length: 5", "Upload-Concat: partial");
        String alone = client.stored(bytes(22, 5));
        String concat = "Upload-Concat: final;http://127.0.0.1:" + client.port() + two + " " + one;

        assertThat(client.post(concat, "Upload-Length: 1500").status()).isEqualTo(400);
        assertThat(client.post(concat + " " + unfinished).status()).isEqualTo(400);
        assertThat(client.post(concat + " " + alone).status()).isEqualTo(400);
        assertThat(client.as("bob").post(concat).status()).isEqualTo(400);
        String whole = client.create(concat, "Upload-Metadata: filename " + base64("both"));

        RawResponse head = client.head(whole);
        assertThat(head.field("Upload-Concat")).contains(concat.substring("Upload-Concat: ".length()));
        assertThat(head.field("Upload-Length")).contains("1500");
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(bytes(21, 500));
        both.writeBytes(bytes(20, 1000));
        assertThat(client.content(whole)).isEqualTo(both.toByteArray());
        assertThat(client.head(one).status()).isEqualTo(404);
        assertThat(client.head(two).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    void whatTheClientSaidIsSaidAgain(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String metadata = "filename " + base64("../a\r\n\u00E4.txt") + ",secret";
        RawResponse created = client.post("Upload-Length: 5", "Upload-Metadata: " + metadata);
        String upload = created.field("Location").orElseThrow();

        assertThat(client.head(upload).field("Upload-Metadata")).contains(metadata);
        RawResponse appended = client.patch(upload, 0, new byte[2]);
        for (RawResponse response : List.of(created, appended, client.head(upload))) {
            Instant expires = HttpDate.parse(response.field("Upload-Expires").orElseThrow())
                    .orElseThrow();
            assertThat(expires).isAfter(Instant.now());
        }
        RawResponse last = client.patch(upload, 2, new byte[3]);
        assertThat(last.fields("Upload-Expires")).isEmpty();
        PartsClient parts = servers.client(kind);
        assertThat(PartsClient.file(parts.get(upload))).containsEntry("fileName", "../a\u00E4.txt");
    }

    @ParameterizedTest
    @ContainerSource
    void othersMayLookButNotChange(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        PartsClient parts = servers.client(kind);
        String ofParts = parts.create(300, 100);
        parts.put(ofParts, 1, bytes(30, 100));
        String ofTus = client.create(300);

        assertThat(client.offset(ofParts)).isEqualTo(100);
        assertThat(client.patch(ofParts, 100, bytes(31, 100)).status()).isEqualTo(409);
        assertThat(client.send("DELETE", ofParts).status()).isEqualTo(409);
        assertThat(json(parts.get(ofTus))).containsEntry("protocol", "tus").containsEntry("offset", 0);
        assertThat(parts.complete(ofTus).status()).isEqualTo(412);
        assertThat(client.as("bob").head(ofTus).status()).isEqualTo(404);
        assertThat(client.as("bob").patch(ofTus, 0, new byte[5]).status()).isEqualTo(404);
        assertThat(client.as("bob").send("DELETE", ofTus).status()).isEqualTo(404);
        assertThat(client.offset(ofTus)).isZero();
    }

    @ParameterizedTest
    @ContainerSource
    void withoutAsyncSupportItIsTheSame(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind).at("/app/blocking");
        byte[] whole = bytes(40, SIZE);
        String upload = client.create(SIZE);

        assertThat(client.patch(upload, 0, Arrays.copyOf(whole, HALF)).field("Upload-Offset"))
                .contains(Integer.toString(HALF));
        assertThat(client.patch(upload, HALF, rest(whole)).status()).isEqualTo(204);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void whatIsAnnouncedIsThere(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        RawResponse options = client.exchange(client.bare("OPTIONS", client.base() + "/"));

        assertThat(TusClient.list(options, "Tus-Extension"))
                .containsExactlyInAnyOrder(
                        "creation",
                        "creation-with-upload",
                        "creation-defer-length",
                        "expiration",
                        "checksum",
                        "termination",
                        "concatenation");
        assertThat(TusClient.list(options, "Tus-Checksum-Algorithm")).contains("sha1", "sha256", "md5");
    }
}
