// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** What becomes of uploads of the IETF draft over several requests. */
class DraftUploadTest {

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

    @ParameterizedTest
    @ContainerSource
    void aBodyBeyondTheLengthEndsTheUpload(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(13, SIZE);
        String upload = client.create(HALF);

        RawResponse response =
                client.exchange(client.appending(upload, 0).with(client.more()).withChunks(half(whole), rest(whole)));

        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(json(response).get("type").toString()).endsWith("#inconsistent-upload-length");
        assertThat(client.head(upload).status()).isEqualTo(404);
        assertThat(client.finish(upload, HALF, new byte[0]).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    void soDoesOneThatIsAnnouncedBeyondTheLength(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        String upload = client.create(HALF);
        client.append(upload, 0, bytes(13, 10));

        RawResponse response = client.append(upload, 10, bytes(13, HALF));

        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(json(response).get("type").toString()).endsWith("#inconsistent-upload-length");
        assertThat(client.head(upload).status()).isEqualTo(404);

        DraftClient old = client.of(6);
        String kept = old.create(HALF);
        assertThat(old.append(kept, 0, bytes(13, HALF + 1)).status()).isEqualTo(400);
        assertThat(old.offset(kept)).isZero();
    }

    @ParameterizedTest
    @ContainerSource
    void inOldVersionsItStopsAtTheLength(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).of(6);
        byte[] whole = bytes(14, SIZE);
        String upload = client.create(HALF);

        RawResponse response =
                client.exchange(client.appending(upload, 0).with(client.last()).withChunks(half(whole), rest(whole)));

        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(client.offset(upload)).isEqualTo(HALF);
        assertThat(client.isComplete(upload)).isFalse();
        assertThat(client.finish(upload, HALF, new byte[0]).status()).isEqualTo(201);
        assertThat(client.content(upload)).isEqualTo(half(whole));
    }

    @ParameterizedTest
    @ContainerSource
    void aLastBodyThatIsTooShortDoesNotShortenTheUpload(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(15, SIZE);
        String upload = client.create(SIZE);

        RawResponse response =
                client.exchange(client.appending(upload, 0).with(client.last()).withChunks(half(whole)));

        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(response.field("Upload-Offset")).contains(Integer.toString(HALF));
        RawResponse head = client.head(upload);
        assertThat(head.field("Upload-Length")).contains(Integer.toString(SIZE));
        assertThat(head.field("Upload-Complete")).contains("?0");
        assertThat(client.finish(upload, HALF, rest(whole)).status()).isEqualTo(201);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void theLengthDoesNotComplete(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).as("carol");
        byte[] whole = bytes(16, SIZE);
        String upload = client.create(SIZE);

        assertThat(client.append(upload, 0, whole).field("Upload-Complete")).contains("?0");
        assertThat(client.isComplete(upload)).isFalse();
        assertThat(files(client)).isEmpty();
        RawResponse last = client.finish(upload, SIZE, new byte[0]);

        assertThat(last.field("Upload-Complete")).contains("?1");
        assertThat(PartsClient.file(last)).containsEntry("sha256", PartsClient.hex(whole));
        assertThat(last.field("Location"))
                .contains(PartsClient.file(last).get("href").toString());
        assertThat(files(client)).hasSize(1);
    }

    @ParameterizedTest
    @ContainerSource
    void aChunkedUploadHasTheLengthThatCame(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] whole = bytes(17, SIZE);

        RawResponse created = client.exchange(
                client.request("POST", client.base() + "/", client.last()).withChunks(half(whole), rest(whole)));

        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        String upload = created.field("Location").orElseThrow();
        assertThat(client.head(upload).field("Upload-Length")).contains(Integer.toString(SIZE));
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    private static List<RawResponse> eightTimes(Request request) {
        List<CompletableFuture<RawResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int seed = i;
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return request.send(seed);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    @FunctionalInterface
    private interface Request {
        RawResponse send(int seed) throws IOException;
    }

    private static List<Integer> statuses(List<RawResponse> responses) {
        return responses.stream().map(RawResponse::status).sorted().toList();
    }

    @ParameterizedTest
    @ContainerSource
    void ofRacingAppendsOneWins(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        String upload = client.create(2 * SIZE);
        String last = client.create();

        List<RawResponse> appends = eightTimes(i -> client.append(upload, 0, bytes(30 + i, SIZE)));
        List<RawResponse> lasts = eightTimes(i -> client.finish(last, 0, bytes(40 + i, SIZE)));

        assertThat(statuses(appends)).containsExactly(204, 409, 409, 409, 409, 409, 409, 409);
        assertThat(client.offset(upload)).isEqualTo(SIZE);
        assertThat(statuses(lasts)).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
        assertThat(client.offset(last)).isEqualTo(SIZE);
        assertThat(client.isComplete(last)).isTrue();
    }

    @ParameterizedTest
    @ContainerSource
    void racingCompletionsGiveOneFile(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).as("frank");
        byte[] whole = bytes(50, SIZE);
        String upload = client.create();
        client.append(upload, 0, whole);

        List<RawResponse> answers = eightTimes(i -> client.finish(upload, SIZE, new byte[0]));

        assertThat(statuses(answers)).containsOnly(201);
        assertThat(answers.stream().map(RawResponse::bodyText).distinct()).hasSize(1);
        assertThat(files(client)).hasSize(1);
        assertThat(client.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void theLastAppendMayComeAgain(ContainerKind kind) throws IOException {
        for (int version : VERSIONS) {
            DraftClient client = DraftClient.on(servers, kind).of(version);
            byte[] whole = bytes(60 + version, SIZE);
            String upload = client.create();
            client.append(upload, 0, half(whole));
            RawResponse first = client.finish(upload, HALF, rest(whole));

            RawResponse same = client.finish(upload, HALF, rest(whole));
            RawResponse empty = client.finish(upload, SIZE, new byte[0]);
            RawResponse chunked = client.exchange(
                    client.appending(upload, SIZE).with(client.last()).withChunks());
            RawResponse more = client.exchange(
                    client.appending(upload, SIZE).with(client.last()).withChunks(new byte[1]));

            assertThat(same.status()).isEqualTo(version == 6 ? 400 : 409);
            assertThat(more.status()).isEqualTo(400);
            for (RawResponse again : List.of(empty, chunked)) {
                assertThat(again.status()).as(again.toString()).isEqualTo(201);
                assertThat(again.body()).isEqualTo(first.body());
                assertThat(again.field("Location")).isEqualTo(first.field("Location"));
            }
            assertThat(client.offset(upload)).isEqualTo(SIZE);
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void oneVersionMayGoOnWhereAnotherBegan(ContainerKind kind) throws IOException {
        DraftClient three = DraftClient.on(servers, kind).of(3);
        byte[] whole = bytes(70, SIZE);
        String upload = three.create();
        three.append(upload, 0, half(whole));

        RawResponse bare = three.exchange(three.bare("HEAD", upload));
        assertThat(bare.field("Upload-Incomplete")).contains("?1");
        assertThat(three.of(8).finish(upload, HALF, rest(whole)).field("Upload-Complete"))
                .contains("?1");
        assertThat(three.head(upload).field("Upload-Incomplete")).contains("?0");
        assertThat(three.content(upload)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ContainerSource
    void theFileHasTheNameThatWasSaid(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        RawResponse named = client.post(
                bytes(80, 10),
                client.last(),
                "Content-Disposition: inline; filename=\"a b.txt\"; filename*=UTF-8''..%2F%C3%A4%0D%0A.txt",
                "Content-Type: text/plain");
        RawResponse broken = client.post(bytes(81, 10), client.last(), "Content-Disposition: filename*=UTF-8''%");

        assertThat(PartsClient.file(named)).containsEntry("fileName", "../\u00E4.txt");
        assertThat(PartsClient.file(broken)).containsEntry("fileName", "");
    }

    @ParameterizedTest
    @ContainerSource
    void toOthersItDoesNotExist(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        DraftClient bob = client.as("bob");
        String upload = client.create(SIZE);

        assertThat(bob.head(upload).status()).isEqualTo(404);
        assertThat(bob.append(upload, 0, new byte[5]).status()).isEqualTo(404);
        assertThat(bob.send("DELETE", upload).status()).isEqualTo(404);
        assertThat(client.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ContainerSource
    void withoutAsyncSupportItIsTheSame(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind).at("/app/blocking");
        byte[] whole = bytes(91, SIZE);
        RawResponse created = client.post(half(whole), client.more());
        String upload = created.field("Location").orElseThrow();

        assertThat(created.field("Upload-Offset")).contains(Integer.toString(HALF));
        assertThat(client.finish(upload, HALF, rest(whole)).status()).isEqualTo(201);
        assertThat(client.finish(upload, SIZE, new byte[0]).status()).isEqualTo(201);
        assertThat(client.content(upload)).isEqualTo(whole);
    }
}
