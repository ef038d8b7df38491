// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.QuietAsyncListener;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread of the application goes on though a timeout has ended its exchange, whose objects may be the next one's by then, or
 * whose listener is answering.
 */
@DisplayName("a thread that comes after the timeout")
final class LateThreadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CountDownLatch timedOut = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** What the late thread does with its response; what that throws is its own affair. */
    @FunctionalInterface
    private interface Deed {
        void act(HttpServletResponse response) throws IOException;
    }

    private static final Map<String, Deed> DEEDS = Map.of(
            "sendError", response -> response.sendError(500, "late"),
            "interim", response -> response.sendError(102),
            "sendRedirect", response -> response.sendRedirect("/elsewhere"),
            "reset", HttpServletResponse::reset,
            "trailers", response -> response.setTrailerFields(() -> Map.of("Late", "1")),
            "flush", HttpServletResponse::flushBuffer,
            "buffer", response -> response.setBufferSize(100),
            "writer",
                    response -> {
                        response.getWriter().print("late");
                        response.getWriter().close();
                    },
            "stream",
                    response -> {
                        try (var out = response.getOutputStream()) {
                            out.write(1);
                        }
                    });

    static Stream<Arguments> everyDeed() {
        return ContainerKind.running().stream()
                .flatMap(kind -> DEEDS.keySet().stream().map(deed -> Arguments.of(kind, deed)));
    }

    static Stream<ContainerKind> containers() {
        return ContainerKind.running().stream();
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/late", this::late)
                .servlet("/next", this::next)
                .app());
    }

    private void late(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(200);
        boolean early = request.getParameter("early") != null;
        if (early) {
            response.getOutputStream().write(Bytes.pattern(100));
        }
        async.addListener(new Answering(early ? this::waitForLateThread : () -> {}));
        Deed deed = DEEDS.get(request.getParameter("deed"));
        Thread thread = new Thread(() -> goOn(response, deed), "late");
        thread.setDaemon(true);
        thread.start();
    }

    private void goOn(HttpServletResponse response, Deed deed) {
        await(mayGoOn);
        attempt(response, deed);
        attempt(response, late -> late.addCookie(new Cookie("late", "1")));
        attempt(response, late -> late.setHeader("X-Late", "1"));
        attempt(response, late -> late.setStatus(418));
        done.countDown();
    }

    private static void attempt(HttpServletResponse response, Deed deed) {
        try {
            deed.act(response);
        } catch (IOException | RuntimeException e) {
            // It has been told, and goes on all the same.
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void waitForLateThread() {
        mayGoOn.countDown();
        await(done);
    }

    private void next(HttpServletRequest request, HttpServletResponse response) throws IOException {
        waitForLateThread();
        response.getOutputStream().write("next".getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers a timeout, as applications do. */
    private final class Answering extends QuietAsyncListener {

        private final Runnable before;

        Answering(Runnable before) {
            this.before = before;
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            before.run();
            HttpServletResponse response =
                    (HttpServletResponse) event.getAsyncContext().getResponse();
            response.reset();
            response.setStatus(504);
            response.getOutputStream().print("too slow");
            event.getAsyncContext().complete();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            timedOut.countDown();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyDeed")
    @DisplayName("P50 changes nothing of the next answer on its connection")
    void next(ContainerKind kind, String deed) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = RawClient.connect(container.port()).timeout(PATIENCE)) {
            assertTimedOut(client.get("/late?deed=" + deed));
            await(timedOut);
            RawResponse next = client.get("/next").assertComplete();
            assertThat(next.status()).isEqualTo(200);
            assertUntouched(next);
            assertThat(next.bodyText()).isEqualTo("next");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyDeed")
    @DisplayName("P50 changes nothing of what a listener answers")
    void listener(ContainerKind kind, String deed) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = RawClient.connect(container.port()).timeout(PATIENCE)) {
            assertTimedOut(client.get("/late?early&deed=" + deed));
        }
    }

    private static void assertTimedOut(RawResponse response) {
        response.assertComplete();
        assertThat(response.status()).isEqualTo(504);
        assertUntouched(response);
        assertThat(response.bodyText()).isEqualTo("too slow");
    }

    private static void assertUntouched(RawResponse response) {
        assertThat(response.field("Set-Cookie")).isEmpty();
        assertThat(response.field("X-Late")).isEmpty();
        assertThat(response.field("Trailer")).isEmpty();
    }
}
