// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P8, P10, P11: async dispatches, default servlets that go async themselves, and a registration without async. */
@DisplayName("async dispatches:")
final class AsyncDispatchPitfallsTest {

    @TempDir
    private Path root;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P8 dispatch() and dispatch(path) end in one response that is finished")
    void dispatch(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/self", (request, response, journal) -> {
                    journal.note("type", request.getDispatcherType());
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        response.getWriter().print("56789");
                        return;
                    }
                    response.setHeader("X-First", "1");
                    response.getWriter().print("01234");
                    request.startAsync().dispatch();
                })
                .servlet("/path", (request, response, journal) -> {
                    response.getWriter().print("01234");
                    AsyncContext async = request.startAsync(request, response);
                    async.start(() -> async.dispatch("/target"));
                })
                .servlet("/target", (request, response, journal) -> {
                    journal.note("type", request.getDispatcherType());
                    journal.note("from", request.getAttribute(AsyncContext.ASYNC_REQUEST_URI));
                    journal.note("now", request.getServletPath());
                    response.getWriter().print("56789");
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/self", "/path"}) {
                assertThat(twins.assertAlike(path).bodyText()).as(path).isEqualTo("0123456789");
                RawResponse part = twins.get(path, "Range: bytes=4-5").assertComplete();
                assertThat(part.status()).as(path).isEqualTo(206);
                assertThat(part.bodyText()).as(path).isEqualTo("45");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P8 a second cycle has none of the listeners of the first: whoever fails in it is not waited for")
    void listenersOfOneCycle(ContainerKind kind) throws IOException {
        RecordedEvents events = new RecordedEvents();
        TwinApp app = TwinApp.of("/forgotten", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(60_000);
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        async.addListener(new Answering(After.GOES));
                        async.dispatch();
                        return;
                    }
                    response.getOutputStream().print("void");
                    async.start(() -> {
                        throw new IllegalStateException("on purpose");
                    });
                })
                .servlet("/stays", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        async.addListener(new Answering(After.STAYS));
                        async.dispatch();
                        return;
                    }
                    response.getOutputStream().print("void");
                    throw new IllegalStateException("on purpose");
                })
                .config(RangeConfig.builder().events(Optional.of(events)).build());
        try (Twins twins = app.start(kind);
                RawClient client = twins.connect();
                Silence silence = Silence.begin()) {
            // Not every container can tell the client before the time limit, as without the filter.
            client.send(RawRequest.get("/forgotten"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(events.told()).containsExactly("failed"));
            if (kind == ContainerKind.UNDERTOW) {
                // Its event names the cycle that has ended, so the listener is added to nothing.
                assertThat(twins.plain(RawRequest.get("/stays")).status()).isEqualTo(500);
                assertThat(twins.get("/stays").assertComplete().status()).isEqualTo(500);
            } else {
                RawResponse answered = twins.assertAlike("/stays");
                assertThat(answered.status()).isEqualTo(503);
                assertThat(answered.bodyText()).isEqualTo("sorry");
            }
        }
    }

    private enum After {
        GOES,
        STAYS
    }

    /** Answers an error; adds itself to further cycles, or does not. */
    private record Answering(After cycle) implements AsyncListener {

        @Override
        public void onError(AsyncEvent event) throws IOException {
            HttpServletResponse response =
                    (HttpServletResponse) event.getAsyncContext().getResponse();
            response.resetBuffer();
            response.setStatus(503);
            response.getOutputStream().print("sorry");
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            if (cycle == After.STAYS) {
                event.getAsyncContext().addListener(this);
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P8 several cycles, a forward within one, and a dispatch to a static file")
    void cycles(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("large.bin"), 200_000);
        TwinApp app = TwinApp.of("/cycles", (request, response, journal) -> {
                    Object seen = request.getAttribute("cycle");
                    int cycle = seen == null ? 0 : (Integer) seen;
                    request.setAttribute("cycle", cycle + 1);
                    response.getOutputStream().print("cycle" + cycle);
                    if (cycle < 3) {
                        request.startAsync().dispatch();
                    }
                })
                .servlet("/forwarding", (request, response, journal) -> {
                    request.startAsync().dispatch("/forwarded");
                })
                .servlet("/forwarded", (request, response, journal) -> {
                    request.getRequestDispatcher("/cycles").forward(request, response);
                })
                .servlet("/file", (request, response, journal) -> {
                    request.startAsync().dispatch("/large.bin");
                })
                .servlet("/direct", (request, response, journal) -> {
                    request.getRequestDispatcher("/large.bin").forward(request, response);
                })
                .config(RangeConfig.builder()
                        .staticFiles(StaticFilesPolicy.CHAIN)
                        .build())
                .with(web -> web.documentRoot(root));
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/cycles").bodyText()).isEqualTo("cycle0cycle1cycle2cycle3");
            twins.assertAlike("/forwarding");
            for (String path : new String[] {"/file", "/direct", "/large.bin"}) {
                assertThat(twins.assertAlike(path).sha256()).as(path).isEqualTo(Bytes.sha256(0, 200_000));
                assertThat(twins.get(path, "Range: bytes=199990-")
                                .assertComplete()
                                .body())
                        .as(path)
                        .isEqualTo(Bytes.slice(199_990, 10));
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P8 dispatch(context, path) too; Jetty 12.0 never runs its target, with the filter or without")
    void dispatchToContext(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/context", (request, response, journal) -> {
                    response.getWriter().print("01234");
                    request.startAsync().dispatch(request.getServletContext(), "/target");
                })
                .servlet("/target", (request, response, journal) -> {
                    journal.note("target", "runs");
                    response.getWriter().print("56789");
                });
        try (Twins twins = app.start(kind)) {
            twins.plain(RawRequest.get("/context"));
            if (twins.plainNotes().isEmpty()) {
                assertThat(kind).isEqualTo(ContainerKind.JETTY);
                twins.get("/context").assertComplete();
                assertThat(twins.notes()).isEmpty();
            } else {
                assertThat(twins.assertAlike("/context").bodyText()).isEqualTo("0123456789");
                assertThat(twins.get("/context", "Range: bytes=4-5").bodyText()).isEqualTo("45");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P7 after a forward, dispatch() goes where it goes without the filter, with startAsync() and with its pair")
    void dispatchAfterForward(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/first/*", (request, response, journal) -> {
                    journal.note("first", request.getDispatcherType());
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        response.getOutputStream().print("first");
                    } else {
                        request.getRequestDispatcher("/second" + request.getPathInfo())
                                .forward(request, response);
                    }
                })
                .servlet("/second/*", (request, response, journal) -> {
                    journal.note("second", request.getDispatcherType());
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        response.getOutputStream().print("second");
                    } else if (request.getPathInfo().equals("/plain")) {
                        request.startAsync().dispatch();
                    } else {
                        request.startAsync(request, response).dispatch();
                    }
                });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/first/plain");
            twins.assertAlike("/first/pair");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P10 a file larger than the output buffer, for which one default servlet starts async itself")
    void defaultServlet(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("large.bin"), 3_000_000);
        Files.writeString(root.resolve("small.txt"), "small");
        TwinApp app = new TwinApp()
                .config(RangeConfig.builder()
                        .staticFiles(StaticFilesPolicy.CHAIN)
                        .build())
                .with(web -> web.documentRoot(root));
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/large.bin").field("Content-Length")).contains("3000000");
            assertThat(twins.get("/large.bin", "Range: bytes=-10")
                            .assertComplete()
                            .body())
                    .isEqualTo(Bytes.slice(2_999_990, 10));
            twins.assertAlike("/small.txt");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P11 registered without async support, the filter stays harmless: startAsync() refuses, the rest works")
    void withoutAsync(ContainerKind kind) throws IOException {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                String refusal = "none";
                try {
                    request.startAsync();
                } catch (IllegalStateException e) {
                    refusal = "refused";
                }
                response.getWriter().print(request.isAsyncSupported() + " " + refusal);
            }
        };
        WebApp app = new WebApp()
                .filter(FilterEntry.of("ranges", new RangeServletFilter(), "/*"))
                .servlet(ServletEntry.of("servlet", servlet, "/x").async());
        try (EmbeddedContainer container = kind.start(app)) {
            RawResponse response = container.get("/x").assertComplete();
            assertThat(response.bodyText()).isEqualTo("false refused");
            assertThat(response.field("ETag")).isPresent();
            assertThat(container.get("/x", "Range: bytes=0-4").bodyText()).isEqualTo("false");
        }
    }
}
