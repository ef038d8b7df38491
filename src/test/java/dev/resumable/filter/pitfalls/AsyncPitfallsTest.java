// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P6, P7, P9: responses that are ended by {@code AsyncContext.complete()}. */
@DisplayName("async exchanges:")
final class AsyncPitfallsTest {

    private static void write(AsyncContext async) {
        try {
            async.getResponse().getOutputStream().write(Bytes.pattern(100_000));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertResumable(Twins twins, String path) throws IOException {
        RawResponse whole = twins.assertAlike(path);
        assertThat(whole.sha256()).as(path).isEqualTo(Bytes.sha256(0, 100_000));
        assertThat(whole.field("ETag")).as(path).get().asString().startsWith("\"c.");
        RawResponse part = twins.get(path, "Range: bytes=99990-").assertComplete();
        assertThat(part.status()).as(path).isEqualTo(206);
        assertThat(part.body()).as(path).isEqualTo(Bytes.slice(99_990, 10));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P6, P7 complete() by a foreign thread, by a thread of the container, and with the pair named")
    void otherThread(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/foreign", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    Thread thread = new Thread(() -> {
                        write(async);
                        async.complete();
                    });
                    thread.start();
                })
                .servlet("/start", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        write(async);
                        async.complete();
                    });
                })
                .servlet("/named", (request, response, journal) -> {
                    AsyncContext async = request.startAsync(request, response);
                    journal.note("same", async.getResponse() == response && async.getRequest() == request);
                    journal.note("original", async.hasOriginalRequestAndResponse());
                    async.start(() -> {
                        write(async);
                        request.getAsyncContext().complete();
                    });
                });
        try (Twins twins = app.start(kind)) {
            assertResumable(twins, "/foreign");
            assertResumable(twins, "/start");
            assertResumable(twins, "/named");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P7 startAsync() gives the response that the application has, original and all")
    void original(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            AsyncContext async = request.startAsync();
            journal.note("original", async.hasOriginalRequestAndResponse());
            journal.note("started", request.isAsyncStarted());
            journal.note("again", request.getAsyncContext().getResponse() == async.getResponse());
            async.getResponse().setContentType("text/plain");
            journal.note("type", response.getContentType());
            async.getResponse().getWriter().print("0123456789");
            async.complete();
        });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/x").bodyText()).isEqualTo("0123456789");
            assertThat(twins.get("/x", "Range: bytes=2-4").bodyText()).isEqualTo("234");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P9 complete() within service() takes effect when service() returns: what is written after it counts")
    void completeWithin(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            AsyncContext async = request.startAsync();
            response.getOutputStream().print("01234");
            async.complete();
            journal.note("started", request.isAsyncStarted());
            journal.attempt("again", async::complete);
            response.setHeader("X-After", "1");
            response.getOutputStream().print("56789");
        });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/x").bodyText()).isEqualTo("0123456789");
            assertThat(twins.get("/x", "Range: bytes=4-5").bodyText()).isEqualTo("45");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P9 complete() by another thread while service() still runs")
    void completeMeanwhile(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            AsyncContext async = request.startAsync();
            CountDownLatch completed = new CountDownLatch(1);
            new Thread(() -> {
                        write(async);
                        async.complete();
                        completed.countDown();
                    })
                    .start();
            await(completed);
            // "until the dispatch returns" (Servlet 6.0, isAsyncStarted); Undertow alone says no at once.
            if (kind != ContainerKind.UNDERTOW) {
                journal.note("started", request.isAsyncStarted());
            }
        });
        try (Twins twins = app.start(kind)) {
            assertResumable(twins, "/x");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P6 after a timeout: a listener answers, or nobody does and the container sends its error")
    void timeout(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/answered", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(100);
                    async.addListener(new Listener() {
                        @Override
                        public void onTimeout(AsyncEvent event) {
                            write(event.getAsyncContext());
                            event.getAsyncContext().complete();
                        }
                    });
                })
                .servlet("/supplied", (request, response, journal) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(100);
                    async.addListener(
                            new Listener() {
                                @Override
                                public void onTimeout(AsyncEvent event) throws IOException {
                                    journal.note("response", event.getSuppliedResponse() == response);
                                    event.getSuppliedResponse()
                                            .getOutputStream()
                                            .write(Bytes.pattern(100_000));
                                    async.complete();
                                }
                            },
                            request,
                            response);
                })
                .servlet("/forgotten", (request, response, journal) -> {
                    request.startAsync().setTimeout(100);
                    response.getOutputStream().print("void");
                });
        try (Twins twins = app.start(kind)) {
            assertResumable(twins, "/answered");
            assertResumable(twins, "/supplied");
            RawResponse forgotten = twins.get("/forgotten").assertComplete();
            assertThat(forgotten.status()).isEqualTo(500);
            assertThat(forgotten.field("ETag")).isEmpty();
            assertThat(forgotten.bodyText()).doesNotContain("void");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P6 an exception after startAsync() is an error of the container's; Tomcat cuts the connection by itself")
    void thrown(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/thrown", (request, response, journal) -> {
            request.startAsync().addListener(new Listener());
            response.getOutputStream().print("void");
            throw new IllegalStateException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            if (kind == ContainerKind.TOMCAT) {
                assertThatThrownBy(() -> twins.plain(RawRequest.get("/thrown"))).isInstanceOf(EOFException.class);
                assertThatThrownBy(() -> twins.get("/thrown")).isInstanceOf(EOFException.class);
            } else {
                RawResponse thrown = twins.get("/thrown").assertComplete();
                assertThat(thrown.status()).isEqualTo(500);
                assertThat(thrown.field("ETag")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P6 a listener's onError() may still answer")
    void answeredError(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/answered", (request, response, journal) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new Listener() {
                @Override
                public void onError(AsyncEvent event) throws IOException {
                    journal.note("error", event.getThrowable() instanceof IllegalStateException);
                    response.resetBuffer();
                    response.setStatus(503);
                    response.getOutputStream().print("sorry");
                    event.getAsyncContext().complete();
                }
            });
            response.getOutputStream().print("void");
            throw new IllegalStateException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            RawResponse answered = twins.assertAlike("/answered");
            assertThat(answered.status()).isEqualTo(503);
            assertThat(answered.bodyText()).isEqualTo("sorry");
        }
    }

    /** Does nothing. */
    private static class Listener implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {}

        @Override
        public void onError(AsyncEvent event) throws IOException {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
