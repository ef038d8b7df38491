// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which pages may use the uploads. */
class OriginsTest {

    private static final String ALLOWED = "https://shop.example";

    private static final byte[] PART = {'x'};

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("allowed-origins", ALLOWED, "credentials", "allow"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<Arguments> whoMayChange() {
        return Stream.of(
                        Arguments.of(204, List.of()),
                        Arguments.of(204, List.of("Host: app.example", "Origin: https://app.example")),
                        Arguments.of(204, List.of("Host: app.example:443", "Origin: https://app.example")),
                        Arguments.of(204, List.of("Host: app.example:8080", "Origin: http://app.example:8080")),
                        Arguments.of(204, List.of("Origin: " + ALLOWED)),
                        Arguments.of(204, List.of("Origin: " + ALLOWED, "Sec-Fetch-Site: cross-site")),
                        Arguments.of(204, List.of("Origin: https://moved.example", "Sec-Fetch-Site: same-origin")),
                        Arguments.of(204, List.of("Sec-Fetch-Site: none")),
                        Arguments.of(403, List.of("Origin: https://evil.example")),
                        Arguments.of(403, List.of("Origin: null")),
                        Arguments.of(403, List.of("Origin: ")),
                        Arguments.of(403, List.of("Host: app.example", "Origin: https://app.example.evil.example")),
                        Arguments.of(403, List.of("Host: app.example:8080", "Origin: http://app.example:9090")),
                        Arguments.of(403, List.of("Origin: https://evil.example", "Sec-Fetch-Site: cross-site")),
                        Arguments.of(403, List.of("Sec-Fetch-Site: same-site")),
                        Arguments.of(403, List.of("Origin: " + ALLOWED, "Origin: https://evil.example")))
                .flatMap(row ->
                        ContainerKind.running().stream().map(kind -> Arguments.of(kind, row.get()[0], row.get()[1])));
    }

    @ParameterizedTest
    @MethodSource
    void whoMayChange(ContainerKind kind, int status, List<String> lines) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(10, 10);

        RawResponse response = client.send("DELETE", upload, lines.toArray(String[]::new));

        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(client.get(upload).status()).isEqualTo(status == 204 ? 404 : 200);
    }

    private static final String FORM = "Content-Type: multipart/form-data; boundary=b";
    private static final String OTHER_FORM = "Content-Type: application/x-www-form-urlencoded";

    static Stream<Arguments> whatAFormCouldSend() {
        return Stream.of(
                        Arguments.of(200, "parts/1", List.of(FORM)),
                        Arguments.of(200, "parts/1", List.of("Content-Type: Multipart/Form-Data ;boundary=b")),
                        Arguments.of(403, "parts/1", List.of(OTHER_FORM)),
                        Arguments.of(403, "parts/1", List.of(FORM, "Origin: https://evil.example")),
                        Arguments.of(403, "parts/1", List.of(FORM, "Sec-Fetch-Site: cross-site")),
                        Arguments.of(403, "parts/1", List.of(FORM, "Content-Type: application/json")),
                        Arguments.of(403, "complete", List.of(FORM, "Authorization: Basic eA==", "Cookie: a=b")),
                        Arguments.of(403, "complete", List.of(FORM, "Sec-Fetch-Site: none")),
                        Arguments.of(403, "parts/1", List.of(FORM, "Origin: null", "X-Requested-With: x")),
                        Arguments.of(200, "parts/1", List.of(FORM, "X-Requested-With: curl")),
                        Arguments.of(200, "parts/1", List.of(FORM, "X-Requested-With: ")),
                        Arguments.of(200, "parts/1", List.of(FORM, PartsClient.digest(PART))),
                        Arguments.of(200, "parts/1", List.of(FORM, "Sec-Fetch-Site: same-origin")),
                        Arguments.of(200, "parts/1", List.of(FORM, "Origin: " + ALLOWED)),
                        Arguments.of(200, "parts/1", List.of(FORM, "Host: a.example", "Origin: https://a.example")),
                        Arguments.of(403, "complete", List.of(FORM)),
                        Arguments.of(403, "complete", List.of(OTHER_FORM)),
                        Arguments.of(403, "complete", List.of("Content-Type: TEXT/PLAIN;charset=UTF-8")),
                        Arguments.of(403, "complete", List.of("Content-Type: ")),
                        Arguments.of(403, "complete", List.of("Content-Type: form")),
                        Arguments.of(403, "complete", List.of("Content-Type: /plain; x")),
                        Arguments.of(403, "complete", List.of()),
                        Arguments.of(409, "complete", List.of("Content-Type: application/json")),
                        Arguments.of(409, "complete", List.of(OTHER_FORM, "X-Requested-With: curl")),
                        Arguments.of(409, "complete", List.of(OTHER_FORM, "Sec-Fetch-Site: same-origin")))
                .flatMap(row -> ContainerKind.running().stream()
                        .map(kind -> Arguments.of(kind, row.get()[0], row.get()[1], row.get()[2])));
    }

    /** 409 is the answer to a completion that may happen, and misses a part. */
    @ParameterizedTest
    @MethodSource
    void whatAFormCouldSend(ContainerKind kind, int status, String where, List<String> lines) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(1, 1);
        byte[] form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\nx\r\n--b--\r\n".getBytes();

        RawResponse response = client.send("POST", upload + "/" + where, form, lines.toArray(String[]::new));

        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(PartsClient.json(client.get(upload)).get("received"))
                .asInstanceOf(LIST)
                .hasSize(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @ContainerSource
    void aDocumentThatIsAlsoAFormCreatesNothing(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        byte[] document = "{\"fileName\":\"f\",\"size\":1}".getBytes();

        assertThat(client.send("POST", "/app/uploads/", document, "Content-Type: application/json", OTHER_FORM)
                        .status())
                .isEqualTo(403);
        assertThat(client.send("POST", "/app/uploads/", document, OTHER_FORM).status())
                .isEqualTo(400);
    }

    /** Containers name themselves by their address or by its name. */
    @ParameterizedTest
    @ContainerSource
    void withoutHostTheAuthorityOfTheRequestCounts(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(1, 1);

        assertThat(deletedFrom("http://evil.example", client, upload)).isEqualTo(403);
        assertThat(List.of(
                        deletedFrom("http://127.0.0.1:" + client.port(), client, upload),
                        deletedFrom("http://localhost:" + client.port(), client, upload)))
                .contains(204);
    }

    private static int deletedFrom(String origin, PartsClient client, String upload) throws IOException {
        try (RawClient raw = RawClient.connect(client.port())) {
            raw.send(("DELETE " + upload + " HTTP/1.0\r\nX-Owner: alice\r\nOrigin: " + origin + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return raw.read("DELETE").status();
        }
    }

    /** Some libraries give a form's type to what has no body. */
    @ParameterizedTest
    @ContainerSource
    void aRequestWithoutBodyIsNoForm(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(1, 1);
        client.put(upload, 1, PART);

        assertThat(client.send(
                                "POST",
                                upload + "/complete",
                                "Content-Length: 0",
                                OTHER_FORM,
                                "Origin: https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(client.send("POST", upload + "/complete", "Content-Length: 0", OTHER_FORM)
                        .status())
                .isEqualTo(201);
        assertThat(client.send("POST", upload + "/complete", "Content-Length: 0")
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ContainerSource
    void aFormOfAnotherSiteChangesNothing(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(1, 1);
        byte[] form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n\r\nx\r\n--b--\r\n".getBytes();
        String type = "Content-Type: multipart/form-data; boundary=b";

        assertThat(client.send("POST", upload + "/parts/1", form, type, "Origin: https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(client.send("POST", upload + "/complete", "Origin: null").status())
                .isEqualTo(403);
        assertThat(PartsClient.json(client.get(upload))).containsEntry("received", List.of());
        assertThat(client.send("POST", upload + "/parts/1", form, type, "Origin: " + ALLOWED)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ContainerSource
    void pagesOfAllowedOriginsMayRead(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        String upload = client.create(10, 10);

        RawResponse allowed = client.get(upload, "Origin: " + ALLOWED);
        assertThat(allowed.field("Access-Control-Allow-Origin")).contains(ALLOWED);
        assertThat(allowed.field("Access-Control-Allow-Credentials")).contains("true");
        assertThat(allowed.field("Access-Control-Expose-Headers").orElseThrow()).contains("Location");
        assertThat(allowed.field("Vary")).contains("Origin");
        RawResponse other = client.get(upload, "Origin: https://evil.example");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.fields("Access-Control-Allow-Origin")).isEmpty();
        assertThat(other.field("Vary")).contains("Origin");
    }

    @ParameterizedTest
    @ContainerSource
    void pagesOfAllowedOriginsAreToldWhatTheyMaySend(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);

        RawResponse preflight =
                client.send("OPTIONS", "/app/uploads/", "Origin: " + ALLOWED, "Access-Control-Request-Method: PUT");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.field("Access-Control-Allow-Origin")).contains(ALLOWED);
        assertThat(preflight.field("Access-Control-Allow-Methods").orElseThrow())
                .contains("PUT", "PATCH", "DELETE");
        assertThat(preflight.field("Access-Control-Allow-Headers").orElseThrow())
                .contains("Content-Digest");
        RawResponse other = client.send(
                "OPTIONS", "/app/uploads/", "Origin: https://evil.example", "Access-Control-Request-Method: PUT");
        assertThat(other.fields("Access-Control-Allow-Methods")).isEmpty();
    }
}
