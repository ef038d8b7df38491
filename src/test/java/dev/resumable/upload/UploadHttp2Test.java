// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Http2Client;
import dev.resumable.testing.Http2Client.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests over HTTP/2, which need neither Host nor Content-Length nor Transfer-Encoding. */
class UploadHttp2Test {

    private static final String HOST = "app.example";
    private static final String OWNER = "X-Owner: alice";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final byte[] CONTENT = "a=b".getBytes();

    private static UploadServers servers;
    private static UploadServers hasty;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
        hasty = UploadServers.start(Map.of("read-timeout", "1s"));
    }

    @AfterAll
    static void stop() {
        servers.close();
        hasty.close();
    }

    private static Answer send(ContainerKind kind, String method, String path, String... lines) throws IOException {
        return sendTo(HOST, kind, method, path, lines);
    }

    private static Answer sendTo(String authority, ContainerKind kind, String method, String path, String... lines)
            throws IOException {
        try (Http2Client client = new Http2Client(servers.on(kind).port())) {
            return client.send(method, authority, path, lines);
        }
    }

    private static Answer stream(ContainerKind kind, String path, byte[] content, String... lines) throws IOException {
        try (Http2Client client = new Http2Client(servers.on(kind).port())) {
            return client.stream("POST", HOST, path, content, lines);
        }
    }

    static Stream<Arguments> whoMayChange() {
        return Stream.of(
                        Arguments.of(204, HOST, "https://app.example"),
                        Arguments.of(204, HOST, "http://app.example"),
                        Arguments.of(204, "app.example:443", "https://app.example"),
                        Arguments.of(204, "app.example:8080", "http://app.example:8080"),
                        Arguments.of(403, HOST, "https://app.example:8443"),
                        Arguments.of(403, "app.example:8080", "http://app.example"),
                        Arguments.of(403, HOST, "https://evil.example"))
                .flatMap(row -> ContainerKind.running().stream()
                        .map(kind -> Arguments.of(kind, row.get()[0], row.get()[1], row.get()[2])));
    }

    /** A front server that ends TLS leaves no trace of it: the port of its authority is that of http. */
    @ParameterizedTest
    @MethodSource
    void whoMayChange(ContainerKind kind, int status, String authority, String origin) throws IOException {
        String upload = servers.client(kind).create(10, 10);

        Answer answer = sendTo(authority, kind, "DELETE", upload, OWNER, "Origin: " + origin);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @ParameterizedTest
    @ContainerSource
    void aFormIsOneWithoutALengthToo(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(1, 1);
        client.put(upload, 1, new byte[] {'x'});

        assertThat(stream(kind, upload + "/complete", CONTENT, OWNER, FORM).status())
                .isEqualTo(403);
        assertThat(PartsClient.json(client.get(upload))).containsEntry("status", "open");
        assertThat(send(kind, "POST", upload + "/complete", OWNER, FORM).status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ContainerSource
    void bytesOfNoTypeCreateNoUpload(ContainerKind kind) throws IOException {
        String[] lines = {OWNER, "Tus-Resumable: 1.0.0", "Upload-Length: 3"};

        assertThat(stream(kind, "/app/uploads/", CONTENT, lines).status()).isEqualTo(415);
        assertThat(send(kind, "POST", "/app/uploads/", lines).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ContainerSource
    void aFinalUploadTakesNoBytes(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String piece = client.partial(CONTENT);
        String[] lines = {OWNER, "Tus-Resumable: 1.0.0", "Upload-Concat: final;" + piece};
        String bytes = TusClient.BYTES;

        assertThat(stream(
                                kind,
                                "/app/uploads/",
                                CONTENT,
                                Stream.concat(Stream.of(bytes), Stream.of(lines))
                                        .toArray(String[]::new))
                        .status())
                .isEqualTo(403);
        assertThat(send(kind, "POST", "/app/uploads/", lines).status()).isEqualTo(201);
    }

    /** Whether they have content is waited for as content is. */
    @ParameterizedTest
    @ContainerSource
    void requestsWithoutAnEndEndByThemselves(ContainerKind kind) throws IOException {
        PartsClient parts = hasty.client(kind);
        String upload = parts.create(1, 1);
        try (Http2Client client = new Http2Client(hasty.on(kind).port())) {
            assertThat(client.leaveOpen("POST", HOST, upload + "/complete", OWNER, FORM)
                            .status())
                    .isEqualTo(408);
            assertThat(client.leaveOpen(
                                    "POST", HOST, "/app/uploads/", OWNER, "Tus-Resumable: 1.0.0", "Upload-Length: 3")
                            .status())
                    .isEqualTo(408);
        }
    }
}
