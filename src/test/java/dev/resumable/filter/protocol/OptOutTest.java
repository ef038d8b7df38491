// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P55: bodies that must not be held back. */
@DisplayName("a body that is pushed piece by piece")
final class OptOutTest {

    private static final String EVENT = "data: first\n\n";

    /** Let go by the test when it has the first event; waits for longer than a client does for what is held back. */
    private final Semaphore next = new Semaphore(0);

    private void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (String.valueOf(request.getPathInfo())) {
            case "/sse" -> response.setContentType("text/event-stream");
            case "/sse-charset" -> response.setContentType("Text/Event-Stream;charset=UTF-8");
            case "/replace" -> response.setContentType("multipart/x-mixed-replace; boundary=b");
            case "/no-store" -> response.setHeader("Cache-Control", "private, No-Store");
            case "/no-store-later" -> {
                response.setContentType("text/plain");
                response.getWriter();
                response.addHeader("Cache-Control", "no-cache");
                response.addHeader("Cache-Control", "no-store");
            }
            default -> throw new IllegalArgumentException(request.getPathInfo());
        }
        send(response);
    }

    private void send(HttpServletResponse response) throws IOException {
        response.getWriter().write(EVENT);
        response.getWriter().flush();
        awaitTest();
        response.getWriter().write("data: last\n\n");
    }

    private void awaitTest() {
        try {
            if (!next.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the first event did not arrive");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "P55 {0}")
    @ContainerSource
    @DisplayName("P55 arrives at its first flush, without tag and ranges")
    void firstEvent(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create()
                .servlet("/events/*", this::events)
                .servlet(
                        "/async",
                        (request, response) -> Async.run(request, later -> {
                            later.setContentType("text/event-stream");
                            send(later);
                        }));
        try (EmbeddedContainer container = kind.start(app.app())) {
            for (String path : new String[] {
                "/events/sse",
                "/events/sse-charset",
                "/events/replace",
                "/events/no-store",
                "/events/no-store-later",
                "/async"
            }) {
                try (RawClient client = container.connect()) {
                    OpenResponse begun = client.open(RawRequest.get(path, "Range: bytes=0-3", "If-None-Match: *"));
                    assertThat(new String(begun.readBody(EVENT.length()), StandardCharsets.US_ASCII))
                            .as(path)
                            .isEqualTo(EVENT);
                    next.release();
                    RawResponse got = begun.rest().assertComplete();
                    assertThat(got.status()).as(path).isEqualTo(200);
                    assertThat(got.bodyText()).isEqualTo(EVENT + "data: last\n\n");
                    assertThat(got.field("ETag")).isEmpty();
                    assertThat(got.field("Accept-Ranges")).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest(name = "P55 {0}")
    @ContainerSource
    @DisplayName("P55 streams on from where it outgrows the spool")
    void pastTheLimit(ContainerKind kind) throws IOException {
        int limit = 1 << 20;
        FilteredApp app = FilteredApp.with(
                        RangeConfig.builder().spoolFileSize(limit).build())
                .servlet("/endless", (request, response) -> {
                    response.getOutputStream().write(Bytes.slice(0, limit));
                    response.getOutputStream().write(Bytes.slice(limit, limit));
                    response.getOutputStream().flush();
                    awaitTest();
                    response.getOutputStream().write(Bytes.slice(2L * limit, 10));
                });
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            OpenResponse begun = client.open(RawRequest.get("/endless", "Range: bytes=0-3"));
            assertThat(begun.readBody(2 * limit)).isEqualTo(Bytes.pattern(2 * limit));
            next.release();
            RawResponse got = begun.rest().assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, 2L * limit + 10));
            assertThat(got.field("ETag")).isEmpty();
            assertThat(got.field("Accept-Ranges")).isEmpty();
        }
    }

    @ParameterizedTest(name = "P55 {0}")
    @ContainerSource
    @DisplayName("P55 keeps fields that the application gave it, such as a tag beside no-store")
    void ownFields(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/own", (request, response) -> {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("ETag", "\"own\"");
            response.setHeader("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT");
            response.setContentLength(5);
            response.getOutputStream().print("bytes");
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/own", "Range: bytes=0-0").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.field("ETag")).contains("\"own\"");
            assertThat(got.field("Last-Modified")).contains("Sat, 01 Jan 2022 00:00:00 GMT");
            assertThat(got.field("Content-Length")).contains("5");
            assertThat(got.bodyText()).isEqualTo("bytes");
        }
    }
}
