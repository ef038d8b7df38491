// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Directories as answers: listings, index files and redirects. */
class FileServletListingTest {

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
    void aListingIsAPageThatCanDoNothing(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/files/").assertComplete();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.field("Content-Type").orElseThrow().replace(" ", ""))
                .isEqualToIgnoringCase("text/html;charset=utf-8");
        assertThat(response.fields("Vary")).containsExactly("Accept");
        assertThat(response.fields("Cache-Control")).containsExactly("no-cache");
        assertThat(response.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.field("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none';");
        assertThat(response.bodyText())
                .contains("href=\"./readme.txt\"", "href=\"./sub/\"", "href=\"./a%3Ab/\"", "8 B", "2026-01-02 03:04")
                .contains("href=\"./name%20%3C%26%3E%20%C3%BC%20%23\"", "href=\"./100%25%3B%3F.txt\"")
                .contains("href=\"./in.txt\"")
                .doesNotContain("hidden", "out.txt", "<script", "http:", "Parent directory");
    }

    @ParameterizedTest
    @ContainerSource
    void everyLinkOfAListingLeadsToItsFile(ContainerKind kind) throws IOException {
        String page = served.on(kind).get("/app/files/").bodyText();
        List<String> links = Stream.of(page.split("href=\"", -1))
                .skip(1)
                .map(rest -> rest.substring(0, rest.indexOf('"')))
                .toList();

        assertThat(links).hasSizeGreaterThanOrEqualTo(8);
        for (String link : links) {
            String target = URI.create("/app/files/").resolve(link).getRawPath();
            // Jetty refuses "%25" in every path, unless its UriCompliance says otherwise.
            int expected = kind.isJetty() && link.contains("%25") ? 400 : 200;
            assertThat(served.on(kind).get(target).status()).as(target).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aListingIsRevalidatedByItsContent(ContainerKind kind) throws IOException {
        try (RawClient client = served.on(kind).connect()) {
            String page = client.get("/app/files/sub/").field("ETag").orElseThrow();
            String json = client.get("/app/files/sub/", "Accept: application/json")
                    .field("ETag")
                    .orElseThrow();

            assertThat(page).startsWith("\"c.").isNotEqualTo(json);
            RawResponse unchanged = client.get("/app/files/sub/", "If-None-Match: " + page);
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.fields("Vary")).containsExactly("Accept");
            assertThat(client.get("/app/files/sub/", "If-None-Match: " + json).status())
                    .isEqualTo(200);
            assertThat(client.head("/app/files/sub/").field("ETag")).contains(page);
            assertThat(client.get("/app/files/sub/", "Range: bytes=0-14").bodyText())
                    .isEqualTo("<!DOCTYPE html>");
        }
    }

    static Stream<Arguments> accepts() {
        return onEach(
                Arguments.of("application/json", "application/json"),
                Arguments.of("application/json, text/html;q=0.9", "application/json"),
                Arguments.of("application/*, text/html;q=0.1", "application/json"),
                Arguments.of("*/*", "text/html"),
                Arguments.of("application/json, */*", "text/html"),
                Arguments.of("application/json;q=0.5, text/html", "text/html"),
                Arguments.of("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
                Arguments.of("image/png", "text/html"),
                Arguments.of("application/json;;;=", "text/html"));
    }

    @ParameterizedTest
    @MethodSource("accepts")
    void theAcceptFieldChoosesTheForm(ContainerKind kind, String accept, String type) throws IOException {
        RawResponse response = served.on(kind).get("/app/files/", "Accept: " + accept);

        assertThat(response.field("Content-Type").orElseThrow()).startsWith(type);
        assertThat(response.fields("Vary")).containsExactly("Accept");
    }

    @ParameterizedTest
    @ContainerSource
    void theJsonFormTellsWhatIsThere(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/files/sub/", "Accept: application/json");

        assertThat(JSON.std.mapFrom(response.body()))
                .isEqualTo(Map.of(
                        "path",
                        "/sub/",
                        "entries",
                        List.of(
                                Map.of("name", "empty", "type", "directory", "modified", "2026-01-02T03:04:05Z"),
                                Map.of(
                                        "name", "index.html",
                                        "type", "file",
                                        "size", 12,
                                        "modified", "2026-01-02T03:04:05Z"))));
    }

    static Stream<Arguments> redirects() {
        return onEach(
                Arguments.of("/app/files", "./files/"),
                Arguments.of("/app/files/sub", "./sub/"),
                Arguments.of("/app/files/sub?a=b/c?&%22", "./sub/?a=b/c?&%22"),
                Arguments.of("/app/files/sub;x=1", "./sub/"),
                Arguments.of("/app/files/a%3Ab", "./a%3Ab/"),
                Arguments.of("/app/files/%73ub", "./%73ub/"),
                Arguments.of("/app/site/sub", "./sub/"));
    }

    @ParameterizedTest
    @MethodSource("redirects")
    void aDirectoryWithoutSlashRedirectsToItself(ContainerKind kind, String target, String location)
            throws IOException {
        RawResponse response = served.on(kind).get(target).assertComplete();

        assertThat(response.status()).isEqualTo(302);
        assertThat(response.fields("Location")).containsExactly(location);
    }

    @ParameterizedTest
    @ContainerSource
    void anIndexFileAnswersForItsDirectory(ContainerKind kind) throws IOException {
        RawResponse response = served.on(kind).get("/app/site/sub/");

        assertThat(response.bodyText()).isEqualTo("<p>index</p>");
        assertThat(response.field("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(response.fields("Cache-Control")).containsExactly("max-age=60");
    }

    @ParameterizedTest
    @ContainerSource
    void withoutListingADirectoryIsMissing(ContainerKind kind) throws IOException {
        for (String target : List.of("/app/plain", "/app/plain/", "/app/plain/sub", "/app/plain/sub/", "/app/site/")) {
            assertThat(served.on(kind).get(target).status()).as(target).isEqualTo(404);
        }
    }

    private static Stream<Arguments> onEach(Arguments... rows) {
        return ContainerKind.running().stream()
                .flatMap(kind -> Arrays.stream(rows)
                        .map(row -> Arguments.of(Stream.concat(Stream.of(kind), Arrays.stream(row.get()))
                                .toArray())));
    }
}
