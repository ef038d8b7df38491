// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Eight requests at once for the same thing. */
@DisplayName("of eight racing")
class RacingRequestsTest {

    private static final int RACERS = 8;
    private static final int PART = 100_000;
    private static final int NEW_PART = 1000;

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static List<RawResponse> race(IntFunction<Callable<RawResponse>> racer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<RawResponse> answers = new ArrayList<>();
            for (Future<RawResponse> answer :
                    threads.invokeAll(IntStream.range(0, RACERS).mapToObj(racer).toList())) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("completions all give the same file")
    void completions(ContainerKind kind) throws Exception {
        PartsClient client = servers.client(kind).as("racer of completions");
        String upload = client.create(2 * PART, PART);
        client.put(upload, 1, bytes(1, PART));
        client.put(upload, 2, bytes(2, PART));

        List<RawResponse> answers = race(i -> () -> client.complete(upload));

        Map<String, Object> file = PartsClient.file(answers.get(0));
        for (RawResponse answer : answers) {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(PartsClient.file(answer)).isEqualTo(file);
        }
        assertThat((List<?>) json(client.get(client.base() + "/files/")).get("files"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("puts of a part, one is there whole")
    void parts(ContainerKind kind) throws Exception {
        int races = 1;
        // On a busy machine one may stall, and be taken over by the next; else none is.
        while (!allPutTheSamePart(servers.client(kind))) {
            assertThat(++races).as("races in which one was taken over").isLessThanOrEqualTo(5);
        }
    }

    /** Whether they all could. */
    private static boolean allPutTheSamePart(PartsClient client) throws Exception {
        String upload = client.create(PART, PART);

        List<RawResponse> answers = race(i -> () -> client.put(upload, 1, bytes(i, PART)));

        assertThat(answers).extracting(RawResponse::status).contains(200).isSubsetOf(200, 409);
        for (RawResponse answer : answers) {
            if (answer.status() == 409) {
                assertThat(json(answer)).containsEntry("type", "https://resumable.dev/problems/taken-over");
            }
        }
        Map<String, Object> file = PartsClient.file(client.complete(upload));
        List<String> hashes = IntStream.range(0, RACERS)
                .filter(i -> answers.get(i).status() == 200)
                .mapToObj(i -> hex(bytes(i, PART)))
                .toList();
        assertThat(hashes).contains(file.get("sha256").toString());
        assertThat(hex(client.get(file.get("href").toString()).body())).isEqualTo(file.get("sha256"));
        return hashes.size() == RACERS;
    }

    /** RFC 9110 §13.1.2: "the origin server MUST NOT perform the requested method" for those who come after. */
    @ParameterizedTest
    @ContainerSource
    @DisplayName("puts of a part that must not be there yet, one puts it")
    void newParts(ContainerKind kind) throws Exception {
        PartsClient client = servers.client(kind);
        String upload = client.create(NEW_PART, NEW_PART);

        List<RawResponse> answers =
                race(i -> () -> client.send("PUT", upload + "/parts/1", bytes(i, NEW_PART), "If-None-Match: *"));

        // On a busy machine one may stall, and be taken over by the next.
        assertThat(answers)
                .extracting(RawResponse::status)
                .containsOnlyOnce(200)
                .isSubsetOf(200, 409, 412);
        Map<String, Object> file = PartsClient.file(client.complete(upload));
        int winner = answers.stream().map(RawResponse::status).toList().indexOf(200);
        assertThat(file.get("sha256")).isEqualTo(hex(bytes(winner, NEW_PART)));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("puts and a deletion, nothing is left")
    void deletion(ContainerKind kind) throws Exception {
        PartsClient client = servers.client(kind);
        String upload = client.create((long) RACERS * PART, PART);
        String id = upload.substring(upload.lastIndexOf('/') + 1);

        List<RawResponse> answers =
                race(i -> () -> i == 3 ? client.send("DELETE", upload) : client.put(upload, i + 1, bytes(i, PART)));

        assertThat(answers.get(3).status()).isEqualTo(204);
        assertThat(answers).extracting(RawResponse::status).containsAnyOf(204).isSubsetOf(200, 204, 404, 409);
        assertThat(client.get(upload).status()).isEqualTo(404);
        await().untilAsserted(() -> {
            try (var files = Files.walk(servers.directory(kind, "uploads").resolve("uploads"))) {
                assertThat(files).noneMatch(file -> file.toString().contains(id));
            }
        });
    }
}
