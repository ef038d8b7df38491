// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as answers: bytes, fields, methods and mappings. */
class FileServletTest {

    private static ServedDirectory served;

    @BeforeAll
    static void start() throws IOException {
        served = new ServedDirectory();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @ParameterizedTest
    @ContainerSource
    void aFileIsSentWholeWithItsValidators(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/plain/data.bin").assertComplete();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.sha256()).isEqualTo(Bytes.sha256(0, 100_000));
        assertThat(response.field("Content-Length")).contains("100000");
        assertThat(response.field("Content-Type")).contains("application/octet-stream");
        assertThat(response.field("Accept-Ranges")).contains("bytes");
        assertThat(response.field("Last-Modified")).contains("Fri, 02 Jan 2026 03:04:05 GMT");
        assertThat(response.field("ETag").orElseThrow()).startsWith("\"c.");
        assertThat(response.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.field("Content-Disposition")).isEmpty();
        assertThat(response.field("Cache-Control")).isEmpty();
        assertThat(response.field("Content-Security-Policy")).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    void aDownloadIsResumedAndRevalidated(ContainerKind kind) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            String tag = client.head("/app/plain/data.bin").field("ETag").orElseThrow();

            RawResponse rest = client.get("/app/plain/data.bin", "Range: bytes=60000-", "If-Range: " + tag);
            assertThat(rest.status()).isEqualTo(206);
            assertThat(rest.field("Content-Range")).contains("bytes 60000-99999/100000");
            assertThat(rest.sha256()).isEqualTo(Bytes.sha256(60_000, 40_000));

            RawResponse other = client.get("/app/plain/data.bin", "Range: bytes=60000-", "If-Range: \"other\"");
            assertThat(other.status()).isEqualTo(200);
            assertThat(other.bodyLength()).isEqualTo(100_000);

            assertThat(client.get("/app/plain/data.bin", "If-None-Match: " + tag)
                            .status())
                    .isEqualTo(304);
            assertThat(client.get("/app/plain/data.bin", "If-Match: \"other\"").status())
                    .isEqualTo(412);
            assertThat(client.get("/app/plain/data.bin", "Range: bytes=100000-").status())
                    .isEqualTo(416);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void headHasTheFieldsOfGetAndNoBody(ContainerKind kind) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            RawResponse get = client.get("/app/plain/data.bin").assertComplete();
            RawResponse head = client.head("/app/plain/data.bin").assertComplete();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.bodyLength()).isZero();
            for (String name : List.of("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges")) {
                assertThat(head.fields(name))
                        .as(name)
                        .isEqualTo(get.fields(name))
                        .hasSize(1);
            }
        }
    }

    static Stream<Arguments> types() {
        return onEach(
                Arguments.of("a.txt", "text/plain;charset=utf-8"),
                Arguments.of("A.HTML", "text/html;charset=utf-8"),
                Arguments.of("a.css", "text/css;charset=utf-8"),
                Arguments.of("a.mjs", "text/javascript;charset=utf-8"),
                Arguments.of("a.json", "application/json"),
                Arguments.of("a.wasm", "application/wasm"),
                Arguments.of("a.mp4", "video/mp4"),
                Arguments.of("a.webm", "video/webm"),
                Arguments.of("a.webp", "image/webp"),
                Arguments.of("a.avif", "image/avif"),
                Arguments.of("a.svg", "image/svg+xml"),
                Arguments.of("a.pdf", "application/pdf"),
                Arguments.of("a.zip", "application/zip"),
                Arguments.of("a.7z", "application/x-7z-compressed"),
                Arguments.of("a.bin", "application/octet-stream"),
                Arguments.of("a.no-such-type", "application/octet-stream"),
                Arguments.of("txt", "application/octet-stream"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theTypeFollowsFromTheName(ContainerKind kind, String name, String type) throws IOException {
        Path directory = Files.createDirectories(served.root.resolve("types"));
        Files.writeString(directory.resolve(name), "x");

        RawResponse response = served.on(kind).get("/app/plain/types/" + name);

        assertThat(response.field("Content-Type").orElseThrow().replace(" ", ""))
                .isEqualToIgnoringCase(type);
        assertThat(response.field("X-Content-Type-Options")).contains("nosniff");
    }

    static Stream<Arguments> downloads() {
        return onEach(
                Arguments.of("readme.txt?download", "attachment; filename=\"readme.txt\""),
                Arguments.of("readme.txt?download=", "attachment; filename=\"readme.txt\""),
                Arguments.of("readme.txt?x=1&download=1.txt", "attachment; filename=\"1.txt\""),
                Arguments.of("readme.txt?download=a/..%2Fb.txt", "attachment; filename=\"b.txt\""),
                Arguments.of("readme.txt?download=c:%5Ca%5Cb.txt", "attachment; filename=\"b.txt\""),
                Arguments.of("readme.txt?download=..", "attachment; filename=\"__\""),
                Arguments.of("readme.txt?download=a/", "attachment; filename=\"readme.txt\""),
                Arguments.of("readme.txt?download=a%0D%0AX-Evil:%201", "attachment; filename=\"a__X-Evil: 1\""),
                Arguments.of(
                        "readme.txt?download=%C3%BC%22.txt",
                        "attachment; filename=\"__.txt\"; filename*=UTF-8''%C3%BC%22.txt"),
                Arguments.of("in.txt?download", "attachment; filename=\"in.txt\""));
    }

    @ParameterizedTest
    @MethodSource("downloads")
    void downloadAsksForTheFileToBeSaved(ContainerKind kind, String target, String expected) throws IOException {
        RawResponse response = served.on(kind).get("/app/plain/" + target).assertComplete();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.fields("Content-Disposition")).containsExactly(expected);
        assertThat(response.fields("X-Evil")).isEmpty();
        assertThat(response.bodyText()).isEqualTo("read me\n");
    }

    @ParameterizedTest
    @ContainerSource
    void aStrangeNameIsFoundByItsEncodedForm(ContainerKind kind) throws IOException {
        String target = "/app/plain/name%20%3C%26%3E%20%C3%BC%20%23;x=1";
        RawResponse response = served.on(kind).get(target);

        assertThat(response.bodyText()).isEqualTo("strange");
    }

    @ParameterizedTest
    @ContainerSource
    void aNameWithAPercentSignIsFoundWhereTheContainerAllowsIt(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/plain/100%25%3B%3F.txt");

        // Jetty refuses "%25" in every path, unless its UriCompliance says otherwise.
        assertThat(response.status()).isEqualTo(kind.isJetty() ? 400 : 200);
    }

    @ParameterizedTest
    @ContainerSource
    void fieldsOfTheDeployerAreOnFiles(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/site/readme.txt");

        assertThat(response.fields("Cache-Control")).containsExactly("max-age=60");
        assertThat(response.fields("Content-Security-Policy")).containsExactly("sandbox");
        RawResponse unchanged = served.on(kind)
                .get(
                        "/app/site/readme.txt",
                        "If-None-Match: " + response.field("ETag").orElseThrow());
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.fields("Cache-Control")).containsExactly("max-age=60");
    }

    static Stream<Arguments> otherMethods() {
        return onEach(Stream.of("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "get")
                .map(Arguments::of)
                .toArray(Arguments[]::new));
    }

    @ParameterizedTest
    @MethodSource("otherMethods")
    void otherMethodsAreRefused(ContainerKind kind, String method) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            RawResponse response = client.exchange(RawRequest.of(method, "/app/plain/readme.txt", "Content-Length: 0"));

            assertThat(response.status()).isEqualTo(405);
            assertThat(response.fields("Allow")).containsExactly("GET, HEAD, OPTIONS");
            assertThat(response.bodyText()).doesNotContain("read me");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void traceIsRefused(ContainerKind kind) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            // Containers may refuse it before the servlet sees it: then Allow is theirs.
            assertThat(client.exchange(RawRequest.of("TRACE", "/app/plain/readme.txt"))
                            .status())
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void optionsTellsTheMethods(ContainerKind kind) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            RawResponse response = client.exchange(RawRequest.of("OPTIONS", "/app/plain/none"));

            assertThat(response.assertComplete().status()).isEqualTo(200);
            assertThat(response.fields("Allow")).containsExactly("GET, HEAD, OPTIONS");
            assertThat(response.bodyLength()).isZero();
        }
    }

    @ParameterizedTest
    @ContainerSource
    void anExactMappingAndAnExtensionNameTheFileByTheServletPath(ContainerKind kind) throws IOException {
        assertThat(served.on(kind).get("/app/readme.txt").bodyText()).isEqualTo("read me\n");
        assertThat(served.on(kind).get("/app/film.mp4", "Range: bytes=4990-").body())
                .isEqualTo(Bytes.slice(4990, 10));
        assertThat(served.on(kind).get("/app/sub/none.mp4").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    void theRootMappingServesTheWholeApplication(ContainerKind kind) throws IOException {
        FileServlet servlet = new FileServlet(
                FilesConfig.builder(served.root).listing(FilesConfig.Listing.ON).build());
        try (EmbeddedContainer container = kind.start(new WebApp().freeRoot().servlet("root", servlet, "/"))) {
            assertThat(container.get("/readme.txt").bodyText()).isEqualTo("read me\n");
            assertThat(container.get("/sub/index.html").bodyText()).isEqualTo("<p>index</p>");
            assertThat(container.get("/").bodyText()).contains("Index of", "readme.txt");
            assertThat(container.get("/sub").field("Location")).contains("./sub/");
            assertThat(container.get("/sub/empty/").bodyText()).contains("/sub/empty/");
            assertThat(container.get("/none.txt").status()).isEqualTo(404);
            assertThat(container
                            .get("//evil.example/%2e%2e/sub")
                            .field("Location")
                            .orElse("./"))
                    .startsWith("./");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void anErrorPageKeepsTheStatusAndIgnoresRangesAndMethods(ContainerKind kind) throws IOException {
        FileServlet servlet = new FileServlet(FilesConfig.defaults(served.root));
        WebApp app = new WebApp()
                .servlet("files", servlet, "/files/*")
                .errorPage(404, "/files/readme.txt")
                .errorPage(405, "/files/readme.txt");
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = container.connect()) {
            RawResponse missing = client.get("/files/none", "Range: bytes=0-1", "If-None-Match: *")
                    .assertComplete();
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.bodyText()).isEqualTo("read me\n");
            assertThat(missing.field("ETag")).isEmpty();
            RawResponse refused = client.exchange(RawRequest.of("POST", "/files/none", "Content-Length: 0"));
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.bodyText()).isEqualTo("read me\n");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aMisspeltParameterIsNeverServedWith(ContainerKind kind) throws IOException {
        WebApp app = new WebApp()
                .servlet(ServletEntry.of("files", new FileServlet(), "/files/*")
                        .param("directory", served.root.toString())
                        .param("listings", "on")
                        .loadOnStartup(1));

        // Jetty does not start at all, the others without this servlet.
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/files/readme.txt").status()).isGreaterThanOrEqualTo(404);
        } catch (IllegalStateException e) {
            assertThat(e).hasStackTraceContaining("unknown init-param \"listings\"");
        }
    }

    private static Stream<Arguments> onEach(Arguments... rows) {
        return ContainerKind.running().stream()
                .flatMap(kind -> Arrays.stream(rows)
                        .map(row -> Arguments.of(Stream.concat(Stream.of(kind), Arrays.stream(row.get()))
                                .toArray())));
    }
}
