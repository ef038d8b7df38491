// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Every request goes over a link that breaks somewhere: in a head, in the body, or in the answer. */
@DisplayName("over a link that always breaks")
class FaultyLinkUploadTest {

    private static final int SIZE = 500_000;
    private static final int PART = 60_000;
    private static final int PARTS = (SIZE + PART - 1) / PART;
    private static final int ROUNDS_AT_MOST = 300;
    /** After this much silence the client gives up; the server must not depend on it. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static UploadServers servers;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    /** The answer if it came whole. */
    private Optional<RawResponse> ask(FaultyLink link, RawRequest request, int bodyLength) {
        link.nextConnection(plan(bodyLength));
        try (RawClient client = RawClient.connect(link.port()).timeout(PATIENCE)) {
            return Optional.of(client.exchange(request)).filter(answer -> answer.completion() == Completion.COMPLETE);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private LinkPlan plan(int bodyLength) {
        if (random.nextInt(4) == 0) {
            long after = random.nextInt(300);
            return LinkPlan.toClient(
                    switch (random.nextInt(3)) {
                        case 0 -> Fault.cutAfter(after);
                        case 1 -> Fault.resetAfter(after);
                        default -> Fault.stallAfter(after);
                    });
        }
        // Sometimes in the head, sometimes behind the end.
        long after = random.nextInt(bodyLength + 600);
        return LinkPlan.toServer(
                switch (random.nextInt(5)) {
                    case 0 -> Fault.cutAfter(after);
                    case 1 -> Fault.resetAfter(after);
                    case 2 -> Fault.halfCloseAfter(after);
                    case 3 -> Fault.stallAfter(after);
                    default -> Fault.dripAfter(Math.max(after, bodyLength - 500));
                });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("appends go on at the offset until all is there, and what comes again is refused")
    void tus(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(seed, SIZE);
        String upload = client.create(SIZE);
        try (FaultyLink link = FaultyLink.to(client.port())) {
            int acknowledged = 0;
            int reached = 0;
            int rounds = 0;
            int offset = Math.toIntExact(client.offset(upload));
            while (offset < SIZE) {
                assertThat(++rounds).as("rounds with seed %s", seed).isLessThan(ROUNDS_AT_MOST);
                int end = Math.min(SIZE, offset + 1 + random.nextInt(100_000));
                byte[] body = Arrays.copyOfRange(whole, offset, end);
                Optional<RawResponse> answer = ask(link, appending(client, upload, offset, body), body.length);
                // 409: what the request before has brought was not all there yet when the offset was asked for.
                assertThat(answer.map(RawResponse::status).orElse(204))
                        .as("seed %s", seed)
                        .isIn(204, 400, 408, 409);
                if (answer.isPresent() && answer.get().status() == 204) {
                    acknowledged = end;
                }
                reached = Math.max(reached, end);
                offset = Math.toIntExact(client.offset(upload));
                assertThat(offset).as("offset with seed %s", seed).isBetween(acknowledged, reached);
            }
        }
        assertThat(client.patch(upload, SIZE - 5, Arrays.copyOfRange(whole, SIZE - 5, SIZE))
                        .status())
                .isEqualTo(409);
        assertThat(client.content(upload)).as("seed %s", seed).isEqualTo(whole);
    }

    private RawRequest appending(TusClient client, String upload, int offset, byte[] body) {
        RawRequest request = client.patching(upload, offset);
        if (random.nextInt(3) == 0) {
            request = request.with("Upload-Checksum: sha1 "
                    + TusClient.base64(DigestAlgorithm.SHA_1.newDigest().digest(body)));
        }
        return random.nextBoolean() ? request.withBody(body) : request.withChunks(body);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("parts are whole or not there, and completing gives one file")
    void parts(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] whole = bytes(seed, SIZE);
        String upload = client.create(SIZE, PART);
        Set<Integer> acknowledged = new HashSet<>();
        try (FaultyLink link = FaultyLink.to(client.port())) {
            int rounds = 0;
            List<Integer> missing = missing(client.get(upload));
            while (!missing.isEmpty()) {
                assertThat(++rounds).as("rounds with seed %s", seed).isLessThan(ROUNDS_AT_MOST);
                int number = missing.get(random.nextInt(missing.size()));
                byte[] body = Arrays.copyOfRange(whole, (number - 1) * PART, Math.min(SIZE, number * PART));
                RawRequest request = client.request("PUT", upload + "/parts/" + number);
                request = random.nextBoolean() ? request.with(PartsClient.digest(body)) : request;
                request = random.nextBoolean() ? request.withBody(body) : request.withChunks(body);
                Optional<RawResponse> answer = ask(link, request, body.length);
                assertThat(answer.map(RawResponse::status).orElse(200))
                        .as("seed %s", seed)
                        .isIn(200, 400, 408);
                if (answer.isPresent() && answer.get().status() == 200) {
                    acknowledged.add(number);
                }
                missing = missing(client.get(upload));
                assertThat(missing).as("seed %s", seed).noneMatch(acknowledged::contains);
            }
            for (int i = 0; i < 5; i++) {
                ask(link, client.request("POST", upload + "/complete"), 0);
            }
        }
        Map<String, Object> file = PartsClient.file(client.complete(upload));
        assertThat(file).as("seed %s", seed).containsEntry("sha256", hex(whole));
        assertThat(client.get(file.get("href").toString()).body()).isEqualTo(whole);
    }

    @SuppressWarnings("unchecked")
    private static List<Integer> missing(RawResponse upload) throws IOException {
        List<Integer> missing = (List<Integer>) json(upload).get("missing");
        assertThat(missing).hasSizeLessThanOrEqualTo(PARTS);
        return missing;
    }
}
