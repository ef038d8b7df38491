// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.http.RangeOutcome;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.QuietAsyncListener;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.WebApp;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What listeners are told: one end of each exchange, whichever it is. */
@DisplayName("a listener")
final class EventsTest {

    private static final long LARGE = 24L << 20;

    /** Less than any container waits for a client that takes nothing. */
    private static final Duration NOTICED = Duration.ofSeconds(15);

    private static final String TOO_MANY = "Range: bytes=" + "0-0,".repeat(300) + "1-1";

    @TempDir
    private Path root;

    private final RecordedEvents events = new RecordedEvents();

    private static void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String query = String.valueOf(request.getQueryString());
        if (query.contains("no-store")) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (query.contains("declared")) {
            response.setHeader("ETag", "\"own\"");
            response.setContentLengthLong(query.contains("abort") ? LARGE : 1000);
        }
        try (var in = Bytes.stream(0, query.contains("abort") ? LARGE : query.contains("large") ? 60_000 : 1000)) {
            in.transferTo(response.getOutputStream());
        }
        if (query.contains("fail")) {
            throw new IOException("the application's own source has failed");
        }
    }

    private EmbeddedContainer start(ContainerKind kind, Optional<Path> spools) throws IOException {
        Bytes.write(root.resolve("file.bin"), 1000);
        RangeConfig.Builder config = RangeConfig.builder()
                .events(Optional.of(events))
                .spoolHeap(20_000)
                .spoolDirectory(spools);
        return kind.start(FilteredApp.with(config.build())
                .servlet("/send", EventsTest::send)
                .servlet("/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            send(request, (HttpServletResponse) async.getResponse());
                        } catch (IOException e) {
                            // An application that cannot do more than end.
                        }
                        complete(async);
                    });
                })
                .servlet("/swallow", (request, response) -> {
                    try {
                        send(request, response);
                    } catch (IOException e) {
                        // Many applications do so.
                    }
                })
                .servlet("/error", (request, response) -> {
                    response.getOutputStream().print("void");
                    response.sendError(404);
                })
                .servlet("/timeout", (request, response) -> request.startAsync().setTimeout(100))
                .servlet("/too-slow", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(100);
                    async.addListener(new SendingError());
                })
                .app()
                .documentRoot(root));
    }

    /** Leaves the end of the exchange to the container, which makes the page. */
    private static final class SendingError extends QuietAsyncListener {

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            ((HttpServletResponse) event.getAsyncContext().getResponse()).sendError(504);
        }
    }

    /** Unless the container has noticed before that the client has gone. */
    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // As without any filter: there is nothing left to complete.
        }
    }

    private void assertTold(EmbeddedContainer container, RawRequest request, String... expected) throws IOException {
        try (RawClient client = container.connect()) {
            client.exchange(request);
        }
        // The client has its answer before the exchange is over.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(events.told()).as(request.toString()).containsExactly(expected));
        events.take();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is told of each answer, what it sent and saved, and of where it was kept")
    void answers(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, Optional.empty())) {
            String part = "Range: bytes=0-9";
            assertTold(
                    container, RawRequest.get("/send"), "spooled HEAP 1000", "answered 200 ABSENT sent 1000 saved 0");
            assertTold(
                    container,
                    RawRequest.get("/async?large", part),
                    "spooled DISK 60000",
                    "answered 206 APPLIED sent 10 saved 59990");
            assertTold(
                    container,
                    RawRequest.head("/send", part),
                    "spooled HEAP 1000",
                    "answered 200 NOT_GET sent 0 saved 0");
            assertTold(
                    container,
                    RawRequest.get("/send", "If-None-Match: *"),
                    "spooled HEAP 1000",
                    "answered 304 NOT_MODIFIED sent 0 saved 1000");
            assertTold(
                    container,
                    RawRequest.get("/send", "If-Match: \"x\""),
                    "spooled HEAP 1000",
                    "answered 412 PRECONDITION_FAILED sent 0 saved 0");
            assertTold(
                    container,
                    RawRequest.get("/send", "Range: bytes=1000-"),
                    "spooled HEAP 1000",
                    "answered 416 UNSATISFIABLE sent 0 saved 0");
            assertTold(container, RawRequest.get("/send?declared", part), "answered 206 APPLIED sent 10 saved 990");
            assertTold(container, RawRequest.get("/file.bin", part), "answered 206 APPLIED sent 10 saved 990");
            assertTold(
                    container,
                    RawRequest.get("/file.bin", TOO_MANY),
                    "refused TOO_MANY_RANGES",
                    "answered 200 TOO_MANY_RANGES sent 1000 saved 0");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is told of what passes, of what fails, and of nothing that is left alone")
    void others(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, Optional.empty())) {
            assertTold(container, RawRequest.get("/send?no-store"), "passed NO_STORE 1000");
            assertTold(container, RawRequest.head("/send?no-store"), "passed NO_STORE 0");
            assertTold(container, RawRequest.get("/async?no-store"), "passed NO_STORE 1000");
            assertTold(container, RawRequest.get("/error"), "passed ERROR_OR_REDIRECT 0");
            assertTold(container, RawRequest.of("POST", "/send"));
            assertTold(container, RawRequest.get("/send?fail"), "failed");
            assertTold(container, RawRequest.get("/send?fail&declared"), "failed");
            assertTold(container, RawRequest.get("/send?fail&no-store"), "failed");
            assertTold(container, RawRequest.get("/timeout"), "failed");
            assertTold(container, RawRequest.get("/too-slow"), "passed ERROR_OR_REDIRECT 0");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is told of clients that went away, also by applications that say nothing of it")
    void aborts(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, Optional.of(root))) {
            for (String path : new String[] {"/send", "/swallow", "/async"}) {
                for (String query : new String[] {"abort&no-store", "abort&declared"}) {
                    vanish(container, path + "?" + query);
                    await().atMost(NOTICED)
                            .untilAsserted(() -> assertThat(events.told())
                                    .as(path + "?" + query)
                                    .containsExactly("aborted"));
                    events.take();
                }
                vanish(container, path + "?abort");
                await().atMost(NOTICED)
                        .untilAsserted(() ->
                                assertThat(events.told()).as(path).containsExactly("spooled DISK " + LARGE, "aborted"));
                events.take();
            }
        }
    }

    private static void vanish(EmbeddedContainer container, String target) throws IOException {
        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
            client.open(RawRequest.get(target)).readBody(200_000);
            client.reset();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is told why a spool was given up")
    void givenUp(ContainerKind kind) throws IOException {
        Path noDirectory = Files.writeString(root.resolve("no-directory"), "");
        try (EmbeddedContainer container = start(kind, Optional.of(noDirectory))) {
            try (RawClient client = container.connect()) {
                client.exchange(RawRequest.get("/send?large", "Range: bytes=0-9"))
                        .assertComplete();
            }
            await().untilAsserted(() -> assertThat(events.told()).hasSize(2));
            assertThat(events.told().get(0)).matches("given up DISK_FAILED \\d+");
            assertThat(events.told().get(1)).isEqualTo("passed DISK_FAILED 60000");
        }
    }

    /** Named by an init-param. */
    public static final class Throwing extends RecordedEvents {

        private static volatile List<String> toldLast = List.of();

        /** Before the head is written: the client would get an error instead. */
        @Override
        public void rangesRefused(RangeOutcome limit) {
            super.rangesRefused(limit);
            throw new IllegalStateException("a listener's own mistake");
        }

        @Override
        public void answered(Answer answer) {
            super.answered(answer);
            toldLast = told();
            throw new AssertionError("another one");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can be named by an init-param, and changes no answer if it throws")
    void throwing(ContainerKind kind) throws IOException {
        WebApp app = new WebApp()
                .documentRoot(root)
                .filter(FilterEntry.of("range", new RangeServletFilter(), "/*")
                        .param("events", Throwing.class.getName()));
        Bytes.write(root.resolve("file.bin"), 1000);
        Throwing.toldLast = List.of();
        try (EmbeddedContainer container = kind.start(app)) {
            for (int i = 0; i < 2; i++) {
                RawResponse got = container.get("/file.bin", TOO_MANY).assertComplete();
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.body()).isEqualTo(Bytes.pattern(1000));
            }
            await().untilAsserted(() -> assertThat(Throwing.toldLast).hasSize(4));
        }
    }
}
