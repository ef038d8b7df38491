// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.assertProblem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.digest;
import static dev.resumable.upload.PartsClient.file;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;

/** Parts, and the files that they become. */
class PartsWritingTest {

    private static final String BASE = "/app/uploads";
    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    void partsInAnyOrderBecomeAFile(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] whole = bytes(1, 250);
        String upload = client.create(250, 100);

        for (int number : new int[] {3, 1, 2}) {
            byte[] part = Arrays.copyOfRange(whole, (number - 1) * 100, Math.min(250, number * 100));
            RawResponse stored = client.put(upload, number, part);
            assertThat(stored.status()).isEqualTo(200);
            assertThat(json(stored))
                    .containsEntry("number", number)
                    .containsEntry("size", part.length)
                    .containsEntry("sha256", hex(part));
        }
        Map<String, Object> before = json(client.get(upload));
        assertThat(before).containsEntry("missing", List.of()).containsEntry("status", "open");
        assertThat((List<?>) before.get("received")).hasSize(3);

        RawResponse completed = client.complete(upload);
        assertThat(completed.status()).isEqualTo(201);
        assertThat(json(completed)).containsEntry("status", "complete");
        Map<String, Object> file = file(completed);
        assertThat(file)
                .containsEntry("fileName", "f.bin")
                .containsEntry("size", 250)
                .containsEntry("sha256", hex(whole));
        assertThat(completed.field("Location")).contains(file.get("href").toString());
        assertThat(client.get(file.get("href").toString()).body()).isEqualTo(whole);
        assertThat(file(client.complete(upload))).isEqualTo(file);
        assertThat(file(client.get(upload))).isEqualTo(file);
        assertThat(json(client.get(BASE + "/files/")).get("files"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains(file);
    }

    @ParameterizedTest
    @ContainerSource
    void anEmptyFileNeedsNoPart(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);

        RawResponse completed = client.complete(client.create(0, 100));

        assertThat(completed.status()).isEqualTo(201);
        assertThat(client.get(file(completed).get("href").toString()).bodyLength())
                .isZero();
    }

    @ParameterizedTest
    @ContainerSource
    void aWrongPartChangesNothing(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(250, 100);
        byte[] right = bytes(2, 100);
        client.put(upload, 1, right);
        String before = client.get(upload).bodyText().replaceAll("\"expires\":\"[^\"]*\"", "");

        byte[] other = bytes(3, 100);
        String part = upload + "/parts/1";
        assertProblem(client.send("PUT", part, other, digest(right)), 422, "digest-mismatch");
        assertProblem(client.send("PUT", part, other, "Content-Digest: sha-256=:AAAA:"), 400, "digest-required");
        assertProblem(client.put(upload, 1, bytes(3, 99)), 400, "wrong-part-size");
        assertProblem(client.put(upload, 1, bytes(3, 101)), 400, "wrong-part-size");
        assertProblem(client.put(upload, 3, bytes(3, 100)), 400, "wrong-part-size");
        assertProblem(
                client.exchange(client.request("PUT", part).withChunks(bytes(3, 60), bytes(3, 41))),
                400,
                "wrong-part-size");
        assertProblem(client.exchange(client.request("PUT", part).withChunks(bytes(3, 60))), 400, "wrong-part-size");
        for (String number : List.of("0", "4", "-1", "01", "x", "99999999999")) {
            assertProblem(client.send("PUT", upload + "/parts/" + number, other), 404, "no-such-part");
        }
        assertProblem(client.send("PUT", part, right, "Content-Range: bytes 0-99/100"), 400, "malformed-request");

        assertThat(client.get(upload).bodyText().replaceAll("\"expires\":\"[^\"]*\"", ""))
                .isEqualTo(before);
        assertProblem(client.complete(upload), 409, "parts-missing");
        assertThat(json(client.complete(upload))).containsEntry("missing", List.of(2, 3));
    }

    @ParameterizedTest
    @ContainerSource
    void aPartThatComesAgainWins(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(200, 100);
        client.put(upload, 1, bytes(4, 100));
        client.put(upload, 2, bytes(5, 100));
        client.put(upload, 1, bytes(6, 100));
        client.put(upload, 1, bytes(7, 100));
        client.put(upload, 2, bytes(8, 100));

        RawResponse completed = client.complete(upload);

        byte[] expected = join(bytes(7, 100), bytes(8, 100));
        assertThat(file(completed)).containsEntry("sha256", hex(expected));
        assertThat(client.get(file(completed).get("href").toString()).body()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ContainerSource
    void aFormDoesTheSame(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(100_000, 100_000);
        byte[] part = bytes(9, 100_000);
        String part1 = upload + "/parts/1";
        String[] type = {"Content-Type: multipart/form-data; boundary=\"x-y\"", "X-Requested-With: test"};

        assertProblem(client.send("POST", part1, form("other", part), type), 400, "malformed-request");
        assertProblem(
                client.send("POST", part1, form("file", part), "Content-Type: text/plain", type[1]),
                415,
                "unsupported-media-type");
        assertProblem(client.send("POST", part1, form("file", bytes(9, 99_999)), type), 400, "wrong-part-size");
        assertProblem(
                client.send("POST", part1, form("file", part), type[0], digest(new byte[1])), 422, "digest-mismatch");
        byte[] cut = Arrays.copyOf(form("file", part), 100_050);
        assertThat(client.send("POST", part1, cut, type).status()).isEqualTo(400);
        assertThat(json(client.get(upload))).containsEntry("received", List.of());

        RawResponse stored = client.send("POST", part1, form("file", part), type[0], digest(form("file", part)));
        assertThat(stored.status()).isEqualTo(200);
        assertThat(json(stored)).containsEntry("sha256", hex(part));
        assertThat(client.send("POST", part1, form("file", part), type[0], digest(part))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ContainerSource
    void withoutAsyncSupportItIsTheSame(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind).at("/app/blocking");
        byte[] whole = bytes(40, 300_000);
        String upload = client.create(whole.length, whole.length);

        assertProblem(client.send("PUT", upload + "/parts/1", whole, digest(new byte[0])), 422, "digest-mismatch");
        assertThat(client.put(upload, 1, whole).status()).isEqualTo(200);
        assertThat(file(client.complete(upload))).containsEntry("sha256", hex(whole));
    }

    private static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static byte[] form(String name, byte[] content) {
        return join(
                ("--x-y\r\nContent-Disposition: form-data; name=\"before\"\r\n\r\nvalue\r\n--x-y\r\n"
                                + "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"p\"\r\n"
                                + "Content-Type: application/octet-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                content,
                "\r\n--x-y--\r\n".getBytes(StandardCharsets.US_ASCII));
    }
}
