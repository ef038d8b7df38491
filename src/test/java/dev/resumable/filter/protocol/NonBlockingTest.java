// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P47-P49: applications with a {@link WriteListener}, spooled, cut while passing, and untouched. */
@DisplayName("a non-blocking application")
final class NonBlockingTest {

    private static final int LENGTH = 3 << 20;
    private static final long LONG = 64L << 20;

    private final AtomicInteger failures = new AtomicInteger();

    /** The query says what is known of the body; "sse" and "no-store" are not to be kept. */
    private void push(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String query = String.valueOf(request.getQueryString());
        response.setContentType(query.contains("sse") ? "text/event-stream" : "application/octet-stream");
        if (query.contains("no-store")) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (query.contains("tag")) {
            response.setHeader("ETag", "\"own\"");
        }
        long length = query.contains("long") ? LONG : LENGTH;
        if (query.contains("length")) {
            response.setContentLengthLong(length);
        }
        Pushed.send(request, length, failures);
    }

    private EmbeddedContainer start(ContainerKind kind, RangeConfig config) {
        return kind.start(FilteredApp.with(config).servlet("/push", this::push).app());
    }

    @ParameterizedTest(name = "P47 P49 {0}")
    @ContainerSource
    @DisplayName("P47 P49 is sent whole, and in part where it can be kept")
    void everyWay(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, RangeConfig.defaults())) {
            for (String query :
                    new String[] {"none", "length", "tag", "tag-length", "sse", "no-store", "no-store-length"}) {
                RawResponse whole = container.get("/push?" + query).assertComplete();
                assertThat(whole.sha256()).as("%s: %s", query, whole.head()).isEqualTo(Bytes.sha256(0, LENGTH));

                RawResponse got =
                        container.get("/push?" + query, "Range: bytes=3000000-").assertComplete();
                if (query.contains("sse") || query.contains("no-store")) {
                    assertThat(got.status()).isEqualTo(200);
                    assertThat(got.field("ETag")).isEmpty();
                    assertThat(got.field("Accept-Ranges")).isEmpty();
                } else {
                    assertThat(got.status()).as("%s: %s", query, got.head()).isEqualTo(206);
                    assertThat(got.body()).isEqualTo(Bytes.slice(3_000_000, LENGTH - 3_000_000));
                }
            }
            assertThat(failures).hasValue(0);
        }
    }

    @ParameterizedTest(name = "P47 {0}")
    @ContainerSource
    @DisplayName("P47 goes on when its body outgrows the spool in the middle")
    void pastTheLimit(ContainerKind kind) throws IOException {
        RangeConfig small = RangeConfig.builder().spoolFileSize(1 << 20).build();
        try (EmbeddedContainer container = start(kind, small)) {
            RawResponse got = container.get("/push?none", "Range: bytes=0-9").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
            assertThat(got.field("ETag")).isEmpty();
            assertThat(failures).hasValue(0);
        }
    }

    @ParameterizedTest(name = "P48 {0}")
    @ContainerSource
    @DisplayName("P48 P49 is right to the last byte when the client is slow")
    void slowClient(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, RangeConfig.defaults())) {
            for (String query : new String[] {"none-long", "tag-length-long", "no-store-long"}) {
                try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
                    var open = client.open(RawRequest.get("/push?" + query));
                    byte[] begin = open.readBody(100_000);
                    pause(Duration.ofMillis(500));
                    assertThat(begin).isEqualTo(Bytes.pattern(100_000));
                    assertThat(open.digestRest().assertComplete().sha256())
                            .as(query)
                            .isEqualTo(Bytes.sha256(0, LONG));
                }
            }
        }
    }

    @ParameterizedTest(name = "P47 {0}")
    @ContainerSource
    @DisplayName("P47 may register its listener on a thread of its own, and write in pieces over time")
    void laterAndSlowly(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/later", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(60_000);
            Thread thread = new Thread(() -> {
                try {
                    pause(Duration.ofMillis(100));
                    Pushed.send(async, LENGTH, failures);
                } catch (IOException | RuntimeException e) {
                    failures.incrementAndGet();

                    async.complete();
                }
            });
            thread.setDaemon(true);
            thread.start();
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/later", "Range: bytes=100-199");
            assertThat(got.assertComplete().status()).as("%s", got).isEqualTo(206);
            assertThat(got.body()).isEqualTo(Bytes.slice(100, 100));
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
