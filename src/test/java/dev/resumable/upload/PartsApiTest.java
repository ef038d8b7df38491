// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.assertProblem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.file;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The parts API, request by request. */
class PartsApiTest {

    private static final String BASE = "/app/uploads";
    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "1GiB"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    // ---- creation

    @ParameterizedTest
    @ContainerSource
    void aCreatedUploadTellsItsParts(ContainerKind kind) throws IOException {
        RawResponse response = servers.client(kind).creation("{\"fileName\":\"a b.txt\",\"size\":11000000}");

        assertThat(response.status()).isEqualTo(201);
        assertThat(response.field("Content-Type")).contains("application/json");
        assertThat(response.field("Cache-Control")).contains("no-store");
        Map<String, Object> document = json(response);
        assertThat(response.field("Location")).contains(BASE + "/" + document.get("id"));
        assertThat(document.get("id").toString()).matches("[A-Za-z0-9_-]{24}");
        assertThat(document)
                .containsEntry("fileName", "a b.txt")
                .containsEntry("size", 11000000)
                .containsEntry("partSize", 5 << 20)
                .containsEntry("partCount", 3)
                .containsEntry("received", List.of())
                .containsEntry("missing", List.of(1, 2, 3))
                .containsEntry("status", "open")
                .containsKey("expires");
    }

    @ParameterizedTest
    @ContainerSource
    void partsGrowSoThatTheyAreNotTooMany(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);

        assertThat(json(client.creation("{\"fileName\":\"f\",\"size\":1000000001,\"partSize\":70000}")))
                .containsEntry("partSize", 100_001)
                .containsEntry("partCount", 10_000);
        assertThat(json(client.creation("{\"fileName\":\"f\",\"size\":1000001,\"partSize\":1}")))
                .containsEntry("partSize", 1001)
                .containsEntry("partCount", 1000);
        assertThat(json(client.creation("{\"fileName\":\"f\",\"size\":1000,\"partSize\":1}")))
                .containsEntry("partSize", 1)
                .containsEntry("partCount", 1000);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                        "",
                        "[]",
                        "null",
                        "{\"fileName\":\"f\"}",
                        "{\"size\":5}",
                        "{\"fileName\":\"\",\"size\":5}",
                        "{\"fileName\":7,\"size\":5}",
                        "{\"fileName\":\"a\\r\\nb\",\"size\":5}",
                        "{\"fileName\":\"f\",\"size\":-1}",
                        "{\"fileName\":\"f\",\"size\":1.5}",
                        "{\"fileName\":\"f\",\"size\":\"5\"}",
                        "{\"fileName\":\"f\",\"size\":5,\"sha256\":\"abc\"}",
                        "{\"fileName\":\"f\",\"size\":5,\"sha256\":5}",
                        "{\"fileName\":\"f\",\"size\":5,\"partSize\":0}",
                        "{\"fileName\":\"f\",\"size\":5,\"partSize\":\"1\"}",
                        "{\"fileName\":\"f\",\"size\":5")
                .flatMap(body -> ContainerKind.running().stream().map(kind -> Arguments.of(kind, body)));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(ContainerKind kind, String body) throws IOException {
        assertProblem(servers.client(kind).creation(body), 400, "malformed-request");
    }

    @ParameterizedTest
    @ContainerSource
    void whatIsTooLargeIsRefused(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);

        assertProblem(client.creation("{\"fileName\":\"f\",\"size\":1073741825}"), 413, "too-large");
        assertProblem(client.creation("{\"fileName\":\"f\",\"size\":99999999999999999999}"), 413, "too-large");
        assertProblem(client.creation("{\"fileName\":\"" + "x".repeat(70_000) + "\",\"size\":1}"), 413, "too-large");
    }

    @ParameterizedTest
    @ContainerSource
    void aPlainPostIsToldWhatItLacks(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);

        assertProblem(client.send("POST", BASE + "/"), 400, "no-protocol");
        assertProblem(
                client.send("POST", BASE + "/", "a=b".getBytes(), "Content-Type: application/x-www-form-urlencoded"),
                400,
                "no-protocol");
        assertProblem(client.send("POST", BASE + "/", "{}".getBytes(), "Content-Type: text/plain"), 400, "no-protocol");
    }

    // ---- what is there already

    @ParameterizedTest
    @ContainerSource
    void theSameFileIsResumedAndThenInstant(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] whole = bytes(10, 150);
        String document = "{\"fileName\":\"again.bin\",\"size\":150,\"sha256\":\""
                + hex(whole).toUpperCase() + "\",\"partSize\":100}";
        String upload = client.creation(document).field("Location").orElseThrow();
        client.put(upload, 1, Arrays.copyOf(whole, 100));

        RawResponse resumed = client.creation(document);
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(BASE + "/" + json(resumed).get("id")).isEqualTo(upload);
        assertThat(json(resumed)).containsEntry("missing", List.of(2));

        client.put(upload, 2, Arrays.copyOfRange(whole, 100, 150));
        Map<String, Object> file = file(client.complete(upload));
        RawResponse instant = client.creation(document);
        assertThat(instant.status()).isEqualTo(200);
        assertThat(json(instant))
                .containsOnlyKeys("status", "instant", "file")
                .containsEntry("status", "stored")
                .containsEntry("instant", true);
        assertThat(file(instant)).isEqualTo(file);

        // To another owner it is as if nobody had it.
        RawResponse others = client.as("bob").creation(document);
        assertThat(others.status()).isEqualTo(201);
        assertThat(json(others)).containsEntry("missing", List.of(1, 2));
    }

    @ParameterizedTest
    @ContainerSource
    void aWrongWholeIsNoFile(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind).as("carol");
        String upload = client.creation("{\"fileName\":\"f\",\"size\":100,\"sha256\":\"" + hex(bytes(1, 100)) + "\"}")
                .field("Location")
                .orElseThrow();
        client.put(upload, 1, bytes(2, 100));

        assertProblem(client.complete(upload), 422, "file-digest-mismatch");
        assertThat(json(client.get(BASE + "/files/"))).containsEntry("files", List.of());

        client.put(upload, 1, bytes(1, 100));
        assertThat(client.complete(upload).status()).isEqualTo(201);
    }

    // ---- owners

    @ParameterizedTest
    @ContainerSource
    void anotherOwnersUploadDoesNotExist(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        PartsClient stranger = client.as("mallory");
        String upload = client.create(100, 100);
        String nothing = BASE + "/" + "A".repeat(24);

        for (String method : List.of("GET", "DELETE")) {
            assertThat(stranger.send(method, upload).bodyText())
                    .isEqualTo(stranger.send(method, nothing).bodyText());
            assertProblem(stranger.send(method, upload), 404, "not-found");
        }
        assertProblem(stranger.put(upload, 1, bytes(1, 100)), 404, "not-found");
        assertProblem(stranger.complete(upload), 404, "not-found");
        client.put(upload, 1, bytes(1, 100));
        String href = file(client.complete(upload)).get("href").toString();
        assertProblem(stranger.get(href), 404, "not-found");
        assertProblem(stranger.send("DELETE", href), 404, "not-found");
        assertThat(client.get(href).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ContainerSource
    void whatIsDeletedIsGone(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(100, 100);
        client.put(upload, 1, bytes(1, 100));

        assertThat(client.send("DELETE", upload).status()).isEqualTo(204);
        assertProblem(client.get(upload), 404, "not-found");
        assertProblem(client.send("DELETE", upload), 404, "not-found");
        assertProblem(client.complete(upload), 404, "not-found");
    }

    // ---- files

    @ParameterizedTest
    @ContainerSource
    void aFileIsDownloadedSafely(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] whole = bytes(20, 1000);
        String upload = client.creation("{\"fileName\":\"<b>\u00FC.html\",\"size\":1000}")
                .field("Location")
                .orElseThrow();
        client.put(upload, 1, whole);
        String href = file(client.complete(upload)).get("href").toString();

        RawResponse response = client.get(href);
        String tag = response.field("ETag").orElseThrow();
        assertThat(tag).startsWith("\"c.");
        assertThat(response.field("Content-Type")).contains("application/octet-stream");
        assertThat(response.field("Content-Disposition").orElseThrow()).startsWith("attachment; filename=");
        assertThat(response.field("X-Content-Type-Options")).contains("nosniff");
        RawResponse range = client.get(href, "Range: bytes=900-", "If-Range: " + tag);
        assertThat(range.status()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(whole, 900, 1000));
        assertThat(client.get(href, "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(client.send("HEAD", href).field("Content-Length")).contains("1000");

        assertThat(client.send("DELETE", href).status()).isEqualTo(204);
        assertProblem(client.get(href), 404, "not-found");
        assertProblem(client.complete(upload), 410, "file-deleted");
    }

    @ParameterizedTest
    @ContainerSource
    void equalBytesOfTwoOwnersAreKeptOnce(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] whole = bytes(30, 500);
        String one = stored(client.as("dora"), whole);
        String two = stored(client.as("emil"), whole);

        assertThat(one).isNotEqualTo(two);
        assertThat(client.as("dora").send("DELETE", one).status()).isEqualTo(204);
        assertThat(client.as("emil").get(two).body()).isEqualTo(whole);
    }

    private static String stored(PartsClient client, byte[] whole) throws IOException {
        String upload = client.create(whole.length, whole.length);
        client.put(upload, 1, whole);
        return file(client.complete(upload)).get("href").toString();
    }

    // ---- the rest

    @ParameterizedTest
    @ContainerSource
    void methodsThatAResourceLacksAreTold(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(100, 100);

        assertProblem(client.get(BASE + "/"), 405, "method-not-allowed");
        assertThat(client.send("PATCH", upload, new byte[3]).field("Allow")).contains("DELETE, GET, HEAD, OPTIONS");
        assertThat(client.send("PUT", upload + "/complete", new byte[3]).field("Allow"))
                .contains("OPTIONS, POST");
        assertProblem(client.get(BASE + "/nothing"), 404, "not-found");
        assertThat(client.send("OPTIONS", BASE + "/").status()).isEqualTo(204);
    }
}
