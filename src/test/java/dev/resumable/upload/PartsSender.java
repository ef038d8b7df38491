// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Puts parts in any order, some of them with other bytes first, and completes. */
final class PartsSender extends Sender {

    private static final int PART = 128 << 10;

    private Optional<String> upload = Optional.empty();
    private byte[] content = {};
    /** The hashes of the parts that the server has acknowledged. */
    private final Map<Integer, String> acknowledged = new HashMap<>();
    /** The part whose answer has not come, 0 if there is none. */
    private int sentNumber;
    /** What that part was. */
    private String sentHash = "";
    /** Whether the server was asked to complete. */
    private boolean completing;

    PartsSender(String base, Random random, AcknowledgedFiles files) {
        super(base, random, files);
    }

    private PartsClient client(int port) {
        return new PartsClient(port, base, "alice");
    }

    @Override
    Step step(int port) throws IOException {
        if (upload.isEmpty()) {
            return create(port);
        }
        List<Integer> wrong = IntStream.rangeClosed(1, partCount())
                .filter(number -> !right(number).equals(acknowledged.get(number)))
                .boxed()
                .toList();
        return wrong.isEmpty()
                ? complete(port, upload.get())
                : put(port, upload.get(), wrong.get(random.nextInt(wrong.size())));
    }

    private int partCount() {
        return (content.length + PART - 1) / PART;
    }

    private byte[] part(int number) {
        return Arrays.copyOfRange(content, (number - 1) * PART, Math.min(content.length, number * PART));
    }

    private String right(int number) {
        return hex(part(number));
    }

    private Step create(int port) {
        content = newContent();
        acknowledged.clear();
        sentNumber = 0;
        completing = false;
        byte[] document = ("{\"fileName\":\"f\",\"size\":" + content.length + ",\"partSize\":" + PART + "}")
                .getBytes(StandardCharsets.UTF_8);
        RawRequest request = client(port)
                .request("POST", base + "/", "Content-Type: application/json")
                .withBody(document);
        Optional<RawResponse> response = ask(port, request);
        upload = response.flatMap(created -> assertStatus(created, 201).field("Location"));
        return response.isPresent() ? Step.ANSWERED : Step.SERVER_GONE;
    }

    private Step put(int port, String path, int number) {
        byte[] body = part(number);
        if (random.nextInt(4) == 0) {
            // Of a client that sends the right ones later.
            body[random.nextInt(body.length)]++;
        }
        sentNumber = number;
        sentHash = hex(body);
        Optional<RawResponse> response = ask(
                port,
                client(port)
                        .request("PUT", path + "/parts/" + number, PartsClient.digest(body))
                        .withBody(body));
        if (response.isEmpty()) {
            return Step.SERVER_GONE;
        }
        assertStatus(response.get(), 200);
        acknowledged.put(number, sentHash);
        sentNumber = 0;
        return Step.ANSWERED;
    }

    private Step complete(int port, String path) throws IOException {
        completing = true;
        Optional<RawResponse> response =
                ask(port, client(port).request("POST", path + "/complete").with("Content-Length: 0"));
        if (response.isEmpty()) {
            return Step.SERVER_GONE;
        }
        over(assertStatus(response.get(), 201));
        return Step.ANSWERED;
    }

    private void over(RawResponse withFile) throws IOException {
        files.add(PartsClient.file(withFile).get("href").toString(), content);
        upload = Optional.empty();
    }

    @Override
    void check(int port) throws IOException {
        if (upload.isEmpty()) {
            return;
        }
        RawResponse response = assertStatus(client(port).get(upload.get()), 200);
        if (completing) {
            // Whether it was done before or is done now: it is the same file.
            over(assertStatus(client(port).complete(upload.get()), 201));
            return;
        }
        Map<Integer, String> received = received(response);
        if (sentNumber > 0 && sentHash.equals(received.get(sentNumber))) {
            acknowledged.put(sentNumber, sentHash);
        }
        assertThat(received).as("parts").isEqualTo(acknowledged);
    }

    @SuppressWarnings("unchecked")
    private static Map<Integer, String> received(RawResponse response) throws IOException {
        Map<Integer, String> hashes = new HashMap<>();
        for (Object part : (List<Object>) json(response).get("received")) {
            Map<String, Object> members = (Map<String, Object>) part;
            hashes.put((Integer) members.get("number"), members.get("sha256").toString());
        }
        return hashes;
    }
}
