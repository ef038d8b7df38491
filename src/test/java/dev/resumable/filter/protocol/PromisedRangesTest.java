// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.DiagnosticsPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications that have ranges themselves, of responses that the filter does not keep and so makes no tag for. */
@DisplayName("a response that is not kept, whose application promises ranges,")
final class PromisedRangesTest {

    private static final int LENGTH = Promise.LENGTH;
    private static final String DATE = Promise.DATE;
    private static final String LATER = "Sat, 01 Jan 2022 00:00:01 GMT";
    private static final int LIMIT = 20_000;

    @TempDir
    private Path spools;

    private final Semaphore next = new Semaphore(0);
    private final AtomicInteger failures = new AtomicInteger();

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String query = String.valueOf(request.getQueryString());
        if (query.contains("revalidates") && request.getHeader("If-None-Match") != null) {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("ETag", "W/\"own\"");
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        Promise.describe(request, response);
        int written = query.contains("short") || query.contains("throws") ? LENGTH / 2 : LENGTH;
        for (int from = 0; from < written; from += 5_000) {
            response.getOutputStream().write(Bytes.slice(from, 5_000));
        }
        if (query.contains("throws")) {
            throw new IOException("on purpose");
        }
        if (query.contains("long")) {
            response.getOutputStream().write(1);
        }
    }

    private RangeConfig.Builder config() {
        return RangeConfig.builder().spoolDirectory(Optional.of(spools)).diagnostics(DiagnosticsPolicy.ON);
    }

    private EmbeddedContainer start(ContainerKind kind, RangeConfig.Builder config) {
        return kind.start(FilteredApp.with(config.build())
                .servlet("/body", this::answer)
                .servlet("/pushed", (request, response) -> {
                    Promise.describe(request, response);
                    Pushed.send(request, LENGTH, failures);
                })
                .servlet("/pieces", (request, response) -> {
                    Promise.describe(request, response);
                    response.getOutputStream().write(Bytes.slice(0, 10));
                    response.flushBuffer();
                    awaitTest();
                    response.getOutputStream().write(Bytes.slice(10, LENGTH - 10));
                })
                .app());
    }

    private void awaitTest() {
        try {
            if (!next.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the first bytes did not arrive");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertPart(RawResponse got, int from, int length) {
        got.assertComplete();
        assertThat(got.status()).as(got.toString()).isEqualTo(206);
        assertThat(got.field("Content-Range")).contains("bytes " + from + "-" + (from + length - 1) + "/" + LENGTH);
        assertThat(got.field("Content-Length")).contains(String.valueOf(length));
        assertThat(got.field("Accept-Ranges")).contains("bytes");
        assertThat(got.body()).isEqualTo(Bytes.slice(from, length));
    }

    private static void assertWhole(RawResponse got) {
        got.assertComplete();
        assertThat(got.status()).as(got.toString()).isEqualTo(200);
        assertThat(got.field("Content-Length")).contains(String.valueOf(LENGTH));
        assertThat(got.field("Content-Range")).isEmpty();
        assertThat(got.field("Range-Diagnostics")).get().asString().startsWith("untouched;reason=");
        assertThat(got.body()).isEqualTo(Bytes.pattern(LENGTH));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is cut while it passes: for no-store, too long, no room, no disk")
    void ranges(ContainerKind kind) throws IOException {
        String[] queries = {"", "weak", "strong", "date", "weak&date"};
        for (RangeConfig.Builder config : List.of(
                config(),
                config().spoolFileSize(LIMIT),
                config().spoolHeap(LIMIT).spoolTotalSize(LIMIT),
                config().spoolHeap(LIMIT).spoolDirectory(Optional.of(Path.of("/dev/null/none"))))) {
            String store = config.build().equals(config().build()) ? "store&" : "";
            try (EmbeddedContainer container = start(kind, config)) {
                for (String query : queries) {
                    String target = "/body?" + store + query;
                    RawResponse last = container.get(target, "Range: bytes=-10");
                    assertPart(last, LENGTH - 10, 10);
                    assertThat(last.field("Last-Modified").isPresent()).isEqualTo(query.contains("date"));
                    assertPart(container.get(target, "Range: bytes=0-0"), 0, 1);
                    assertPart(container.get(target, "Range: bytes=29999-70000"), 29_999, 40_002);
                }
                RawResponse weak = container.get("/body?weak&" + store, "Range: bytes=0-9");
                assertThat(weak.field("ETag")).contains("W/\"own\"");
                assertThat(weak.field("Cache-Control").isPresent()).isEqualTo(!store.isEmpty());
                assertThat(container
                                .get("/body?weak&" + store, "Range: bytes=100000-")
                                .field("Content-Range"))
                        .contains("bytes */100000");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is the application's own where all of it is sent, and says that it has ranges")
    void whole(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config())) {
            for (String line :
                    new String[] {"X: y", "Range: bytes=5-4", "Range: items=0-1", "Range: bytes=20-29,0-9"}) {
                RawResponse got = container.get("/body?store&weak&date", line);
                assertWhole(got);
                assertThat(got.field("Accept-Ranges")).contains("bytes");
                assertThat(got.field("ETag")).contains("W/\"own\"");
                assertThat(got.field("Last-Modified")).contains(DATE);
            }
            try (RawClient client = container.connect()) {
                RawResponse head =
                        client.head("/body?store&weak&date", "Range: bytes=0-9").assertComplete();
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.field("Accept-Ranges")).contains("bytes");
                assertThat(head.field("Content-Length")).contains(String.valueOf(LENGTH));
                assertThat(head.field("ETag")).contains("W/\"own\"");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has several ranges in one answer, with the type of the body in each part")
    void parts(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config())) {
            RawResponse got = container
                    .get("/body?store&weak&text", "Range: bytes=0-9,50000-50009,99990-")
                    .assertComplete();
            assertThat(got.status()).isEqualTo(206);
            MultipartBody body = MultipartBody.of(got);
            assertThat(body.parts()).hasSize(3);
            assertThat(body.parts().get(1).body()).isEqualTo(Bytes.slice(50_000, 10));
            assertThat(body.parts().get(1).field("Content-Type"))
                    .get()
                    .asString()
                    .startsWith("text/plain");
            assertThat(body.parts().get(2).body()).isEqualTo(Bytes.slice(99_990, 10));
            assertThat(got.field("ETag")).contains("W/\"own\"");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is continued for a strong tag or an exact date of its own alone (RFC 9110 §13.1.5)")
    void ifRange(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config())) {
            String range = "Range: bytes=10-19";
            assertPart(container.get("/body?store&strong", range, "If-Range: \"own\""), 10, 10);
            assertPart(container.get("/body?store&date", range, "If-Range: " + DATE), 10, 10);
            assertPart(container.get("/body?store&weak&date", range, "If-Range: " + DATE), 10, 10);
            for (String[] row : new String[][] {
                {"strong", "\"other\""},
                {"strong", "W/\"own\""},
                {"weak", "W/\"own\""},
                {"weak", "\"own\""},
                {"date", LATER},
                {"date", "Fri, 31 Dec 2021 23:59:59 GMT"},
                {"date", "yesterday"},
                {"strong", DATE},
                {"", "\"own\""}
            }) {
                assertWhole(container.get("/body?store&" + row[0], range, "If-Range: " + row[1]));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is answered by its own validators where a condition does not let it be sent (RFC 9110 §13.2.2)")
    void conditions(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config())) {
            String target = "/body?store&weak&date";
            for (String line : new String[] {"If-None-Match: \"own\"", "If-Modified-Since: " + DATE}) {
                RawResponse known =
                        container.get(target, line, "Range: bytes=0-9").assertComplete();
                assertThat(known.status()).as(line).isEqualTo(304);
                assertThat(known.field("ETag")).contains("W/\"own\"");
            }
            for (String line :
                    new String[] {"If-Match: \"own\"", "If-Unmodified-Since: Fri, 31 Dec 2021 00:00:00 GMT"}) {
                assertThat(container.get(target, line).assertComplete().status())
                        .as(line)
                        .isEqualTo(412);
            }
            assertPart(container.get("/body?store&strong", "If-Match: \"own\"", "Range: bytes=0-9"), 0, 10);

            // What the application answers itself stays.
            RawResponse own = container
                    .get("/body?store&revalidates", "If-None-Match: \"else\"", "Range: bytes=0-9")
                    .assertComplete();
            assertThat(own.status()).isEqualTo(304);
            assertThat(own.field("Range-Diagnostics")).contains("untouched;reason=status");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not cut without such a promise, without a length, of a type or path that is left out")
    void unpromised(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container =
                start(kind, config().excludeTypes(Set.of("text/*")).noRangesPaths(Set.of("/pieces")))) {
            for (String query : new String[] {"silent", "none", "endless", "text"}) {
                RawResponse got = container
                        .get("/body?store&strong&" + query, "Range: bytes=0-9")
                        .assertComplete();
                assertThat(got.status()).as(query).isEqualTo(200);
                assertThat(got.body()).isEqualTo(Bytes.pattern(LENGTH));
                assertThat(got.field("Accept-Ranges")).as(query).isEmpty();
            }
            next.release();
            RawResponse off = container.get("/pieces?store", "Range: bytes=0-9").assertComplete();
            assertThat(off.status()).isEqualTo(200);
            assertThat(off.field("Accept-Ranges")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that fails, or has another length than it says, never looks complete")
    void failures(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config().spoolHeap(LIMIT).spoolTotalSize(LIMIT));
                Silence silence = Silence.begin()) {
            for (String how : new String[] {"throws", "short", "long"}) {
                for (String store : new String[] {"store&", ""}) {
                    for (String range :
                            new String[] {"bytes=0-9", "bytes=40000-60000", "bytes=0-0,20-29", "bytes=99990-"}) {
                        assertNotComplete(container, "/body?weak&" + store + how, range);
                    }
                }
            }
        }
    }

    private static void assertNotComplete(EmbeddedContainer container, String target, String range) throws IOException {
        try (RawClient client = container.connect()) {
            RawResponse got = client.exchange(RawRequest.get(target, "Range: " + range));
            boolean complete = got.completion() == Completion.COMPLETE;
            assertThat(complete && got.status() < 400)
                    .as("%s %s: %s", target, range, got)
                    .isFalse();
        } catch (EOFException | SocketException e) {
            // Broken off before the head.
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("comes piece by piece, also a part of it")
    void pieces(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config());
                RawClient client = container.connect()) {
            OpenResponse begun = client.open(RawRequest.get("/pieces?store&weak", "Range: bytes=5-19"));
            assertThat(begun.readBody(5)).isEqualTo(Bytes.slice(5, 5));
            next.release();
            assertPart(begun.rest(), 5, 15);
            next.release();
            assertWhole(container.get("/pieces?store&weak"));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is cut when a write listener writes it")
    void pushed(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config())) {
            assertPart(container.get("/pushed?store&weak", "Range: bytes=70000-70009"), 70_000, 10);
            assertWhole(container.get("/pushed?store&weak"));
            assertThat(failures).hasValue(0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("is not continued with uncoded bytes where the container has coded it")
    void compressed(ContainerKind kind, Compression compression) throws IOException {
        FilteredApp app = FilteredApp.with(config().build()).servlet("/body", this::answer);
        try (EmbeddedContainer container = kind.start(compression.addTo(app.app()))) {
            String[] gzip = {"Accept-Encoding: gzip", "Range: bytes=100-199"};
            RawResponse begun =
                    container.get("/body?store&text&strong", gzip[0]).assertComplete();
            RawResponse part = container.get("/body?store&text&strong", gzip);
            assertPart(part, 100, 100);
            // One tag names one form.
            assertThat(begun.field("ETag").equals(part.field("ETag")))
                    .isEqualTo(begun.field("Content-Encoding")
                            .filter("gzip"::equals)
                            .isEmpty());
            for (String query : new String[] {"", "&weak", "&date", "&weak&date"}) {
                String target = "/body?store&text" + query;
                RawResponse whole = container.get(target, gzip[0]).assertComplete();
                assertThat(whole.field("Content-Encoding")).as(query).contains("gzip");
                assertThat(whole.field("Accept-Ranges")).as(query).isEmpty();
                assertThat(container.get(target, gzip).assertComplete().status())
                        .as(query)
                        .isEqualTo(200);
                assertPart(container.get(target, gzip[1]), 100, 100);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has no second form, and its ranges are of the first, where the filter compresses")
    void ownCompression(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, config().compress(CompressPolicy.ON))) {
            RawResponse part =
                    container.get("/body?store&text&strong", "Accept-Encoding: gzip", "Range: bytes=100-199");
            assertPart(part, 100, 100);
            assertThat(part.field("Vary")).isEmpty();
        }
        try (EmbeddedContainer container = start(
                kind, config().compress(CompressPolicy.ON).spoolHeap(LIMIT).spoolTotalSize(LIMIT))) {
            // It may have been given in gzip before, when there was room.
            RawResponse got = container
                    .get("/body?text&weak", "Accept-Encoding: gzip", "Range: bytes=100-199")
                    .assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.body()).isEqualTo(Bytes.pattern(LENGTH));
        }
    }
}
