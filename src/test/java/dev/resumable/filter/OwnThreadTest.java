// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.QuietAsyncListener;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** An application that completes on its only thread, with more bytes than the buffers of a connection take. */
@DisplayName("an async application that completes on a thread of its own")
final class OwnThreadTest {

    private static final int LENGTH = 8 << 20;
    private static final int RECEIVE_BUFFER = 4 << 10;
    private static final int TIMEOUT = 500;

    /** No container but Tomcat lets a limit be lifted later. */
    private static int limit(ContainerKind kind) {
        return kind == ContainerKind.TOMCAT ? TIMEOUT : 0;
    }

    private final ExecutorService application = Executors.newSingleThreadExecutor();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        application.shutdownNow();
    }

    private FilteredApp.Service completeLater(int limit) {
        return (request, response) -> completeLater(request, limit);
    }

    private void completeLater(HttpServletRequest request, int limit) {
        runs.incrementAndGet();
        AsyncContext async = request.startAsync();
        async.setTimeout(limit);
        async.addListener(new Listening());
        application.execute(() -> writeAndComplete(async));
    }

    private static void writeAndComplete(AsyncContext async) {
        try (var in = Bytes.stream(0, LENGTH)) {
            async.getResponse().setContentType("text/plain");
            ((HttpServletResponse) async.getResponse()).addHeader("X-Once", "once");
            in.transferTo(async.getResponse().getOutputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            async.complete();
        }
    }

    /** Notes what it is told. */
    private final class Listening extends QuietAsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            heard.add("complete");
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            heard.add("timeout");
        }

        @Override
        public void onError(AsyncEvent event) {
            heard.add("error");
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            heard.add("start");
        }
    }

    private static void assertWhole(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.assertComplete().sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        assertThat(response.fields("X-Once")).containsExactly("once");
        assertThat(response.fields("ETag")).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("has its thread back while the client is slow, also when its time is up, and hears of the end once")
    void slowClient(ContainerKind kind) throws Exception {
        FilteredApp app = FilteredApp.create().servlet("/later", completeLater(limit(kind)));
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), RECEIVE_BUFFER)) {
            client.send(RawRequest.get("/later"));
            OpenResponse open = client.begin("GET");
            application.submit(() -> {}).get(10, TimeUnit.SECONDS);
            // One container looks for timeouts once a second only.
            Thread.sleep(TIMEOUT + 1_500);
            assertThat(heard).isEmpty();
            client.receiveBuffer(1 << 20);
            assertWhole(open.digestRest());
            await().untilAsserted(() -> assertThat(heard).containsExactly("complete"));
        }
        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("that dispatches instead, and writes then, hears of the end once too")
    void dispatched(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/later", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.addHeader("X-Once", "once");
                try (var in = Bytes.stream(0, LENGTH)) {
                    in.transferTo(response.getOutputStream());
                }
                return;
            }
            AsyncContext async = request.startAsync();
            async.addListener(new Listening());
            application.execute(async::dispatch);
        });
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            assertWhole(client.get("/later"));
            await().untilAsserted(() -> assertThat(heard).containsExactly("complete"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("gets ranges of what it wrote, by whatever path")
    void ranges(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create()
                .servlet("/later/*", completeLater(30_000))
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/later/forwarded").forward(request, response));
        List<String> paths = List.of(
                "/later/a.b?a=b",
                "/later/",
                "/later/a%20b",
                "/later/a%2Cb",
                "/later/%C3%A9",
                "/later/a+b",
                "/later/a;b=c",
                "/forward");
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            for (String path : paths) {
                RawResponse whole = client.get(path);
                assertWhole(whole);
                RawResponse range = client.exchange(RawRequest.get(
                        path,
                        "Range: bytes=100000-299999",
                        "If-Range: " + whole.field("ETag").orElseThrow()));
                assertThat(range.status()).as(path).isEqualTo(206);
                assertThat(range.assertComplete().sha256()).isEqualTo(Bytes.sha256(100_000, 200_000));
                RawResponse same = client.exchange(RawRequest.get(
                        path, "If-None-Match: " + whole.field("ETag").orElseThrow()));
                assertThat(same.status()).as(path).isEqualTo(304);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("may complete twice, or dispatch after that, and the answer stays the one")
    void twice(ContainerKind kind) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        FilteredApp app = FilteredApp.create().servlet("/twice", (request, response) -> {
            runs.incrementAndGet();
            AsyncContext async = request.startAsync();
            application.execute(() -> {
                writeAndComplete(async);
                for (Runnable again : List.<Runnable>of(
                        async::complete, async::dispatch, () -> async.setTimeout(1), () -> async.dispatch("/other"))) {
                    try {
                        again.run();
                    } catch (IllegalStateException e) {
                        heard.add("refused");
                    }
                }
                done.countDown();
            });
        });
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            assertWhole(client.get("/twice"));
            assertThat(client.get("/none").assertComplete().status()).isEqualTo(404);
            await().untilAsserted(() -> assertThat(done.getCount()).isZero());
        }
        assertThat(heard).contains("refused");
        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("has its failure seen")
    void failure(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/short", (request, response) -> {
            runs.incrementAndGet();
            response.setContentLength(LENGTH + 1);
            completeLater(request, 30_000);
        });
        try (EmbeddedContainer container = kind.start(app.app());
                Silence silence = Silence.begin()) {
            RawResponse got = container.get("/short");
            assertThat(got.status()).isEqualTo(500);
            assertThat(got.fields("ETag")).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName(
            "that completes while its dispatch runs, in which it has begun nothing, gets the answer of the dispatch")
    void completeInDispatch(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/later", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                request.setAttribute("context", async);
                application.execute(async::dispatch);
                return;
            }
            response.addHeader("X-Once", "once");
            try (var in = Bytes.stream(0, LENGTH)) {
                in.transferTo(response.getOutputStream());
            }
            ((AsyncContext) request.getAttribute("context")).complete();
        });
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            assertWhole(client.get("/later"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("that dispatches first, and completes nevertheless, gets the answer of the dispatch, and whole")
    void dispatchThenComplete(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/later", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                return;
            }
            response.addHeader("X-Once", "once");
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            application.execute(() -> writeDispatchAndComplete(async));
        });
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect()) {
            for (int i = 0; i < 25; i++) {
                assertWhole(client.get("/later"));
            }
        }
    }

    private static void writeDispatchAndComplete(AsyncContext async) {
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(async.getResponse().getOutputStream());
            async.dispatch();
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                // Refused, as it must be.
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource(except = ContainerKind.UNDERTOW)
    @DisplayName("is answered, or broken off, where a filter in front throws as the head is sent")
    void frontThrows(ContainerKind kind) throws IOException {
        FilterEntry front = FilterEntry.of(
                        "front",
                        (request, response, chain) ->
                                chain.doFilter(request, new ThrowingAtFlush((HttpServletResponse) response)),
                        "/*")
                .async();
        FilteredApp app =
                FilteredApp.behind(front, new RangeServletFilter()).servlet("/later", completeLater(limit(kind)));
        try (EmbeddedContainer container = kind.start(app.app());
                RawClient client = container.connect().timeout(Duration.ofSeconds(8));
                Silence silence = Silence.begin()) {
            Completion end;
            try {
                end = client.get("/later").completion();
            } catch (EOFException e) {
                end = Completion.TRUNCATED;
            }
            assertThat(end).isNotEqualTo(Completion.TIMED_OUT);
        }
    }

    /** Has a stream of the container's, and no way to send a head. */
    private static final class ThrowingAtFlush extends HttpServletResponseWrapper {

        ThrowingAtFlush(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void flushBuffer() {
            throw new IllegalStateException("on purpose");
        }
    }
}
