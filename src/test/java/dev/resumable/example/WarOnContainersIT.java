// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static dev.resumable.example.Answers.assertContent;
import static dev.resumable.example.Answers.assertNoContent;
import static dev.resumable.example.Answers.assertPart;
import static dev.resumable.example.Answers.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerProcess;
import dev.resumable.testing.Distribution;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The WAR, below a context path, on every distribution; each starts once.
 *
 * <p>Each test has one connection, and ends with the proof that no byte was left on it.
 */
@ParameterizedClass
@EnumSource(Distribution.class)
@Timeout(120)
@DisplayName("the example WAR")
final class WarOnContainersIT {
    private static final String CONTEXT = "/example";
    private static final Duration QUIET = Duration.ofMillis(5);

    @TempDir
    private static Path files;

    private static ContainerProcess container;

    @Parameter
    Distribution distribution;

    private RawClient client;

    @BeforeParameterizedClassInvocation
    static void start(Distribution distribution) throws IOException {
        ExampleResource.writeFiles(files);
        container = ContainerProcess.start(
                distribution, ExampleWar.path(), CONTEXT, Map.of("resumable.example.dir", files.toString()));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        container.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = container.connect();
    }

    @AfterEach
    void nothingIsLeftOnTheConnection() throws IOException {
        try (RawClient ended = client) {
            ended.assertNothingFollows(QUIET);
        }
    }

    private RawResponse get(String path, String... fieldLines) throws IOException {
        return client.get(CONTEXT + "/" + path, fieldLines).assertComplete();
    }

    private RawResponse get(ExampleResource resource, String... fieldLines) throws IOException {
        return get(resource.path(), fieldLines);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is whole, with a length and a strong tag that stay the same (RFC 9110 §8.8.3)")
    void whole(ExampleResource resource) throws IOException {
        RawResponse first = get(resource);
        RawResponse second = get(resource);

        assertThat(first.status()).as(container.logTail()).isEqualTo(200);
        assertThat(resource.hasContent(first.body()))
                .as("the bytes of %s", first)
                .isTrue();
        assertContent(first, first.body());
        assertContent(second, first.body());
        assertThat(tag(first)).startsWith("\"").isEqualTo(tag(second));
        assertThat(first.field("Accept-Ranges")).contains("bytes");
        assertThat(first.field("Last-Modified").isPresent()).isEqualTo(resource.isFile());
        assertThat(first.field("Content-Type").orElseThrow().replace(" ", "").toLowerCase(Locale.ROOT))
                .startsWith(resource.contentType());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is cut at any place (RFC 9110 §14.1.2)")
    void singleRange(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        byte[] all = whole.body();
        int end = all.length - 1;

        assertPart(get(resource, "Range: bytes=0-0"), all, 0, 0);
        assertPart(get(resource, "Range: bytes=" + end + "-" + end), all, end, end);
        assertPart(get(resource, "Range: bytes=17-" + end / 2), all, 17, end / 2);
        assertPart(get(resource, "Range: bytes=17-99999999999999999999"), all, 17, end);
        assertPart(get(resource, "Range: bytes=" + (end - 4) + "-"), all, end - 4, end);
        assertPart(get(resource, "Range: bytes=-10"), all, end - 9, end);
        assertPart(get(resource, "Range: bytes=-99999999999999999999"), all, 0, end);
        RawResponse open = get(resource, "Range: bytes=0-");
        assertPart(open, all, 0, end);
        assertThat(tag(open)).isEqualTo(tag(whole));
        assertThat(open.field("Content-Type")).isEqualTo(whole.field("Content-Type"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is cut into several parts, in the order asked (RFC 9110 §15.3.7.2)")
    void severalRanges(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        byte[] all = whole.body();
        int end = all.length - 1;
        int[][] asked = {{100, 149}, {0, 0}, {end - 6, end}};

        RawResponse response = get(resource, "Range: bytes=100-149, 0-0, -7");

        assertThat(response.status()).isEqualTo(206);
        assertThat(response.field("Content-Range")).isEmpty();
        assertThat(tag(response)).isEqualTo(tag(whole));
        assertContent(response, response.body());
        List<MultipartBody.Part> parts = MultipartBody.of(response).parts();
        assertThat(parts).hasSize(asked.length);
        for (int i = 0; i < asked.length; i++) {
            MultipartBody.Part part = parts.get(i);
            assertThat(part.field("Content-Range"))
                    .contains("bytes %d-%d/%d".formatted(asked[i][0], asked[i][1], all.length));
            // Jetty rewrites the charset of its own field in lower case; the name has no case (RFC 9110 §8.3.2).
            assertThat(part.field("Content-Type").orElseThrow())
                    .isEqualToIgnoringCase(whole.field("Content-Type").orElseThrow());
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(all, asked[i][0], asked[i][1] + 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is not sent again to a client that has it (RFC 9110 §13.1.2, §13.1.3)")
    void notModified(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        String tag = tag(whole);

        for (String condition : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            RawResponse response = get(resource, "If-None-Match: " + condition, "Range: bytes=0-0");
            assertNoContent(response, 304);
            assertThat(response.field("ETag")).contains(tag);
            assertThat(response.field("Cache-Control")).isEqualTo(whole.field("Cache-Control"));
            assertThat(response.field("Vary")).isEqualTo(whole.field("Vary"));
            assertThat(response.field("Content-Type")).isEmpty();
        }
        assertContent(get(resource, "If-None-Match: \"other\""), whole.body());
        if (resource.isFile()) {
            String date = whole.field("Last-Modified").orElseThrow();
            assertNoContent(get(resource, "If-Modified-Since: " + date), 304);
            assertContent(get(resource, "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT"), whole.body());
            // §13.2.2: the date does not count beside a tag.
            assertContent(get(resource, "If-None-Match: \"other\"", "If-Modified-Since: " + date), whole.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is refused to a client that has another one (RFC 9110 §13.1.1, §13.1.4)")
    void preconditionFailed(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);

        assertNoContent(get(resource, "If-Match: \"other\""), 412);
        assertNoContent(get(resource, "If-Match: W/" + tag(whole), "Range: bytes=0-0"), 412);
        assertContent(get(resource, "If-Match: \"other\", " + tag(whole)), whole.body());
        assertContent(get(resource, "If-Match: *"), whole.body());
        if (resource.isFile()) {
            assertNoContent(get(resource, "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT"), 412);
            String date = whole.field("Last-Modified").orElseThrow();
            assertContent(get(resource, "If-Unmodified-Since: " + date), whole.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("tells its length to who asks beyond it (RFC 9110 §15.5.17)")
    void notSatisfiable(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        long length = whole.bodyLength();

        for (String range : List.of(length + "-", length + "-" + (length + 10), "-0", "99999999999999999999-")) {
            RawResponse response = get(resource, "Range: bytes=" + range);
            assertThat(response.status()).isEqualTo(416);
            assertThat(response.field("Content-Range")).contains("bytes */" + length);
            assertContent(response, new byte[0]);
        }
        assertContent(get(resource, "Range: bytes=" + length + "-", "If-Range: \"other\""), whole.body());
        assertPart(get(resource, "Range: bytes=" + length + "-,0-1"), whole.body(), 0, 1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is resumed only while it is the same (RFC 9110 §13.1.5)")
    void resumed(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        byte[] all = whole.body();

        assertPart(get(resource, "Range: bytes=50-", "If-Range: " + tag(whole)), all, 50, all.length - 1);
        for (String other : List.of("\"other\"", "W/" + tag(whole), "Sat, 01 Jan 2000 00:00:00 GMT", "nonsense")) {
            RawResponse response = get(resource, "Range: bytes=50-", "If-Range: " + other);
            assertThat(response.status()).as(other).isEqualTo(200);
            assertContent(response, all);
        }
        if (resource == ExampleResource.FILE) {
            String date = whole.field("Last-Modified").orElseThrow();
            assertPart(get(resource, "Range: bytes=50-", "If-Range: " + date), all, 50, all.length - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has the same fields for HEAD (RFC 9110 §9.3.2)")
    void head(ExampleResource resource) throws IOException {
        RawResponse whole = get(resource);
        for (String range : List.of("bytes=0-0", "bytes=0-0,5-6", "bytes=99999999999-")) {
            RawResponse head = client.head(CONTEXT + "/" + resource.path(), "Range: " + range);
            assertThat(head.status()).isEqualTo(200);
            for (String field : List.of(
                    "ETag", "Content-Length", "Content-Type", "Accept-Ranges", "Last-Modified", "Cache-Control")) {
                assertThat(head.field(field)).as(field).isEqualTo(whole.field(field));
            }
        }
        RawResponse conditional = client.head(CONTEXT + "/" + resource.path(), "If-None-Match: " + tag(whole));
        assertNoContent(conditional, 304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=",
                "bytes",
                "bytes=a-b",
                "bytes=5-4",
                "bytes=0-0,x",
                "bytes=+1-2",
                "bytes 0-1",
                "items=0-1"
            })
    @DisplayName("is whole where the range cannot be understood (RFC 9110 §14.2)")
    void ignoredRange(String range) throws IOException {
        for (ExampleResource resource :
                List.of(ExampleResource.STATIC_BINARY, ExampleResource.FILE, ExampleResource.BYTES)) {
            RawResponse response = get(resource, "Range: " + range);
            assertThat(response.status()).isEqualTo(200);
            assertThat(resource.hasContent(response.body())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"files/empty.bin", "demo/bytes/0", "demo/async/0"})
    @DisplayName("may be of no bytes: there is nothing to cut, and nothing to refuse")
    void zeroLength(String path) throws IOException {
        RawResponse whole = get(path);
        assertThat(whole.status()).isEqualTo(200);
        assertContent(whole, new byte[0]);
        for (String range : List.of("0-", "0-0", "-1", "5-6,-3")) {
            RawResponse response = get(path, "Range: bytes=" + range);
            assertThat(response.status()).as(range).isEqualTo(200);
            assertContent(response, new byte[0]);
        }
        assertNoContent(get(path, "If-None-Match: " + tag(whole)), 304);
    }

    @ParameterizedTest
    @EnumSource(names = {"STATIC_BINARY", "ROOT", "FILE", "MANY_BYTES", "ASYNC", "TEXT"})
    @DisplayName("goes whole and in part to a client of HTTP/1.0, which then sees the end")
    void http10(ExampleResource resource) throws IOException {
        byte[] all = get(resource).body();
        RawRequest request = RawRequest.get(CONTEXT + "/" + resource.path()).http10();

        RawResponse whole = RawClient.once(container.port(), request).assertComplete();
        assertThat(whole.status()).isEqualTo(200);
        assertContent(whole, all);
        assertPart(
                RawClient.once(container.port(), request.with("Range: bytes=-5"))
                        .assertComplete(),
                all,
                all.length - 5,
                all.length - 1);
        try (RawClient once = container.connect()) {
            once.exchange(request.with("Range: bytes=5-9"));
            once.assertClosedWithin(Duration.ofSeconds(15));
        }
    }

    @Test
    @DisplayName("answers requests of all kinds on one connection, also when they are pipelined (RFC 9112 §9.3.2)")
    void pipelined() throws IOException {
        String target = CONTEXT + "/demo/bytes/1000";
        List<RawRequest> requests = List.of(
                RawRequest.get(target),
                RawRequest.get(target, "Range: bytes=1-2"),
                RawRequest.head(target),
                RawRequest.get(target, "Range: bytes=1-2,4-5"),
                RawRequest.get(target, "If-None-Match: *"),
                RawRequest.get(target, "Range: bytes=1000-"),
                RawRequest.get(target, "If-Match: \"other\""),
                RawRequest.get(CONTEXT + "/static/page.html", "Range: bytes=0-1"));
        for (RawRequest request : requests) {
            client.send(request);
        }
        List<Integer> statuses = new ArrayList<>();
        for (RawRequest request : requests) {
            statuses.add(client.read(request.method()).assertComplete().status());
        }
        assertThat(statuses).containsExactly(200, 206, 200, 206, 304, 416, 412, 206);
    }

    @Test
    @DisplayName("never mixes two states of a report that is different each time")
    void report() throws IOException {
        RawResponse first = get("demo/report");
        RawResponse second = get("demo/report");
        assertThat(first.status()).isEqualTo(200);
        assertZip(first.body());
        assertThat(tag(first)).isNotEqualTo(tag(second));

        // The state that the client began with is gone: the answer is the new one, whole.
        RawResponse resumed = get("demo/report", "Range: bytes=1000-", "If-Range: " + tag(first));
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(tag(resumed)).isNotEqualTo(tag(first));
        assertZip(resumed.body());

        // Without If-Range it is a part, of a state that its tag names.
        RawResponse part = get("demo/report", "Range: bytes=0-99");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.bodyLength()).isEqualTo(100);
        assertThat(tag(part)).isNotIn(tag(first), tag(second), tag(resumed));
        assertThat(part.field("Content-Disposition")).isEqualTo(first.field("Content-Disposition"));
        assertThat(get("demo/report", "If-None-Match: " + tag(first)).status()).isEqualTo(200);
        assertThat(get("demo/report", "If-Match: " + tag(first)).status()).isEqualTo(412);
    }

    private static void assertZip(byte[] bytes) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("about.txt");
            assertThat(zip.getNextEntry().getName()).isEqualTo("figures.csv");
            assertThat(zip.readAllBytes().length).isGreaterThan(1_000_000);
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    @Test
    @DisplayName("leaves errors alone")
    void errors() throws IOException {
        for (String path : List.of("static/none", "files/none", "demo/none", "demo/bytes/", "WEB-INF/web.xml")) {
            // On connections of their own: Tomcat closes after a 400.
            RawResponse response =
                    container.get(CONTEXT + "/" + path, "Range: bytes=0-0").assertComplete();
            assertThat(response.status()).as(path).isEqualTo(path.equals("demo/bytes/") ? 400 : 404);
            assertThat(response.field("Content-Range")).isEmpty();
        }
    }
}
