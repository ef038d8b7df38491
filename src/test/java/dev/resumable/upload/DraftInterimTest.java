// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawHead;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interim responses to creations with bytes: in Jetty, which has a way for them, and nowhere else. */
@DisplayName("104 (Upload Resumption Supported)")
class DraftInterimTest {

    private static final int SIZE = 100_000;
    private static final int HALF = SIZE / 2;
    private static final List<String> BASES = List.of("/app/uploads", "/app/blocking");

    private static UploadServers servers;
    private static UploadServers without;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
        without = UploadServers.start(Map.of("interim-responses", "off"));
    }

    @AfterAll
    static void stop() {
        servers.close();
        without.close();
    }

    private static int expected(ContainerKind kind) {
        return kind.isJetty() ? 1 : 0;
    }

    private static RawRequest creation(DraftClient client) {
        return client.request("POST", client.base() + "/").with(client.last());
    }

    static Stream<ContainerKind> jetties() {
        return ContainerKind.running().stream().filter(ContainerKind::isJetty);
    }

    @ParameterizedTest
    @MethodSource("jetties")
    @DisplayName("tells where the upload is while its bytes come, so that it can be resumed")
    void whileBytesCome(ContainerKind kind) throws IOException {
        for (String base : BASES) {
            DraftClient client = DraftClient.on(servers, kind).at(base);
            byte[] whole = bytes(1, SIZE);
            String upload;
            try (RawClient connection = RawClient.connect(client.port())) {
                connection.send(
                        creation(client).with("Content-Length: " + SIZE).withUnframedBody(Arrays.copyOf(whole, HALF)));
                RawHead head = connection.readInterim();
                assertThat(head.status()).isEqualTo(104);
                assertThat(head.field("Upload-Draft-Interop-Version")).contains("8");
                assertThat(head.field("Upload-Limit").orElse("")).contains("max-size=", "max-age=");
                upload = head.field("Location").orElseThrow();
                await().until(() -> client.offset(upload) == HALF);
            }
            await().until(() -> client.finish(upload, HALF, Arrays.copyOfRange(whole, HALF, SIZE))
                            .status()
                    == 201);
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("comes once before the final response, and in front of other containers not at all")
    void once(ContainerKind kind) throws IOException {
        for (int version : List.of(3, 5, 6, 8)) {
            for (String base : BASES) {
                DraftClient client = DraftClient.on(servers, kind).of(version).at(base);
                // Two on one connection: the interim response has broken nothing.
                try (RawClient connection = RawClient.connect(client.port())) {
                    for (int i = 0; i < 2; i++) {
                        RawResponse response = connection.exchange(persistent(client, version));
                        assertThat(response.assertComplete().status())
                                .as(response.toString())
                                .isEqualTo(201);
                        List<RawHead> interim = response.interim();
                        assertThat(interim).hasSize(expected(kind));
                        for (RawHead head : interim) {
                            assertThat(head.status()).isEqualTo(104);
                            assertThat(head.field("Upload-Draft-Interop-Version"))
                                    .contains("" + version);
                            assertThat(head.field("Location")).isEqualTo(response.field("Location"));
                        }
                    }
                }
            }
        }
    }

    private static RawRequest persistent(DraftClient client, int version) {
        return RawRequest.of("POST", client.base() + "/", "X-Owner: alice", client.last())
                .with("Upload-Draft-Interop-Version: " + version)
                .withBody(bytes(2, 100));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes to nobody who might not understand it, and stands beside no creation without bytes")
    void notAtAll(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] body = bytes(3, 100);
        RawRequest withoutVersion =
                client.bare("POST", client.base() + "/").with(client.last()).withBody(body);
        RawRequest otherVersion = client.of(4)
                .request("POST", client.base() + "/")
                .with(client.last())
                .withBody(body);
        RawRequest empty =
                client.request("POST", client.base() + "/").with(client.more()).withBody(new byte[0]);

        for (RawRequest request : List.of(withoutVersion, otherVersion, empty)) {
            RawResponse response = client.exchange(request);
            assertThat(response.status()).as(response.toString()).isEqualTo(201);
            assertThat(response.interim()).isEmpty();
        }
        // The next appends are no creations.
        String upload = client.create();
        assertThat(client.finish(upload, 0, body).interim()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can be switched off")
    void switchedOff(ContainerKind kind) throws IOException {
        byte[] body = bytes(5, 100);

        RawResponse response = creationWith(body, DraftClient.on(servers, kind));
        RawResponse silent = creationWith(body, DraftClient.on(without, kind));

        assertThat(response.interim()).hasSize(expected(kind));
        assertThat(silent.status()).isEqualTo(201);
        assertThat(silent.interim()).isEmpty();
        assertThat(silent.field("Upload-Complete")).contains("?1");
    }

    private static RawResponse creationWith(byte[] body, DraftClient client) throws IOException {
        return client.exchange(creation(client).withBody(body));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is never sent by HTTP/1.0")
    void oldHttp(ContainerKind kind) throws IOException {
        int port = servers.on(kind).port();
        String request =
                "POST /app/uploads/ HTTP/1.0\r\nHost: a\r\nX-Owner: alice\r\nUpload-Draft-Interop-Version: 8\r\n"
                        + "Upload-Complete: ?1\r\nContent-Length: 3\r\n\r\nabc";
        try (RawClient connection = RawClient.connect(port)) {
            RawResponse response =
                    connection.send(request.getBytes(StandardCharsets.US_ASCII)).read("POST");
            assertThat(response.status()).as(response.toString()).isEqualTo(201);
            assertThat(response.interim()).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does not stand for 100 (Continue)")
    void besideContinue(ContainerKind kind) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        byte[] body = bytes(4, 100);
        try (RawClient connection = RawClient.connect(client.port())) {
            connection.send(creation(client)
                    .with("Content-Length: 100", "Expect: 100-continue")
                    .withUnframedBody(new byte[0]));
            Optional<RawHead> announced =
                    expected(kind) == 1 ? Optional.of(connection.readInterim()) : Optional.empty();
            assertThat(announced.map(RawHead::status)).isEqualTo(announced.map(head -> 104));
            assertThat(connection.readInterim().status()).isEqualTo(100);
            RawResponse response = connection.send(body).read("POST");
            assertThat(response.status()).isEqualTo(201);
        }
    }
}
