// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Applications that do what nobody should. */
@DisplayName("an application that does what nobody should")
final class HostileApplicationTest {

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P52 closes twice, and writes after that")
    void closed(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    OutputStream out = response.getOutputStream();
                    out.write(Bytes.pattern(10));
                    out.close();
                    out.close();
                    attemptQuietly(() -> out.write(Bytes.pattern(100_000)));
                    attemptQuietly(out::flush);
                    attemptQuietly(() -> response.setContentLength(3));
                    journal.note("committed", response.isCommitted());
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.getWriter().write("0123456789");
                    response.getWriter().close();
                    response.getWriter().close();
                    response.getWriter().write("late".repeat(50_000));
                    response.getWriter().flush();
                    attemptQuietly(response::reset);
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlikeOnTheWire("/stream").body()).isEqualTo(Bytes.pattern(10));
            assertThat(twins.assertAlikeOnTheWire("/writer").bodyText()).isEqualTo("0123456789");
            assertThat(twins.get("/stream", "Range: bytes=3-5").body()).isEqualTo(Bytes.slice(3, 3));
        }
    }

    private static void attemptQuietly(Journal.Attempt call) {
        try {
            call.run();
        } catch (Exception e) {
            // Containers differ in what they refuse, and the client in nothing.
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P50 goes on writing from another thread when its exchange is over, into nobody's response")
    void writesAfterTheEnd(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        TwinApp app = TwinApp.of("/late", (request, response, journal) -> {
                    OutputStream out = response.getOutputStream();
                    out.write(Bytes.pattern(1_000));
                    AsyncContext async = request.startAsync();
                    new Thread(() -> {
                                async.complete();
                                await(ended);
                                for (int i = 0; i < 100; i++) {
                                    attemptQuietly(() -> out.write(Bytes.random(1, 1_000)));
                                    attemptQuietly(out::flush);
                                    attemptQuietly(response::flushBuffer);
                                    attemptQuietly(() -> response.setHeader("X-Late", "1"));
                                }
                                attemptQuietly(out::close);
                                attemptQuietly(async::complete);
                                written.countDown();
                            })
                            .start();
                })
                .servlet("/next", (request, response, journal) -> {
                    response.getOutputStream().write(Bytes.pattern(100_000));
                    ended.countDown();
                    await(written);
                    response.getOutputStream().write(Bytes.slice(100_000, 100_000));
                });
        try (Twins twins = app.start(kind);
                RawClient client = twins.connect()) {
            assertThat(client.get("/late").assertComplete().body()).isEqualTo(Bytes.pattern(1_000));
            RawResponse next = client.get("/next").assertComplete();
            assertThat(next.field("X-Late")).isEmpty();
            assertThat(next.sha256()).isEqualTo(Bytes.sha256(0, 200_000));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Map<String, Consumer<HttpServletResponse>> LENGTHS = Map.of(
            "smaller, then right",
                    response -> {
                        response.setContentLength(5);
                        response.setContentLengthLong(10);
                    },
            "larger, then right",
                    response -> {
                        response.setHeader("Content-Length", "5000");
                        response.setIntHeader("content-length", 10);
                    },
            "smaller, then the right one added",
                    response -> {
                        response.setContentLength(5);
                        response.addHeader("Content-Length", "10");
                    },
            "minus one", response -> response.setContentLength(-1),
            "minus many", response -> response.setContentLengthLong(Long.MIN_VALUE),
            "minus one as a number", response -> response.setIntHeader("Content-Length", -1),
            "right, then taken back",
                    response -> {
                        response.setContentLength(10);
                        response.setContentLength(-1);
                    });

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P13 P16 contradicts itself about the length: the last word counts, and less than nothing is none")
    void contradictoryLengths(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            LENGTHS.get(request.getParameter("how")).accept(response);
            response.getOutputStream().print("0123456789");
        });
        try (Twins twins = app.start(kind)) {
            for (String how : LENGTHS.keySet()) {
                String path = "/x?how=" + how.replace(" ", "%20");
                RawResponse whole = twins.get(path).assertComplete();
                assertThat(whole.status()).as(how).isEqualTo(200);
                assertThat(whole.bodyText()).as(how).isEqualTo("0123456789");
                assertThat(whole.fields("Content-Length")).as(how).containsExactly("10");
                RawResponse part = twins.get(path, "Range: bytes=7-").assertComplete();
                assertThat(part.status()).as(how).isEqualTo(206);
                assertThat(part.bodyText()).as(how).isEqualTo("789");
            }
        }
    }

    /** Each call with null where a value is wanted, by a name for the journal. */
    private static Map<String, Journal.Attempt> callsWithNull(HttpServletResponse response) {
        return Map.ofEntries(
                Map.entry("setHeader(null)", () -> response.setHeader(null, "x")),
                Map.entry("addHeader(null)", () -> response.addHeader(null, "x")),
                Map.entry("setHeader value", () -> response.setHeader("X-Null", null)),
                Map.entry("addHeader value", () -> response.addHeader("X-Null", null)),
                Map.entry("setIntHeader(null)", () -> response.setIntHeader(null, 1)),
                Map.entry("addIntHeader(null)", () -> response.addIntHeader(null, 1)),
                Map.entry("setDateHeader(null)", () -> response.setDateHeader(null, 1)),
                Map.entry("addDateHeader(null)", () -> response.addDateHeader(null, 1)),
                Map.entry("addCookie", () -> response.addCookie(null)),
                Map.entry("setContentType", () -> response.setContentType(null)),
                Map.entry("setCharacterEncoding", () -> response.setCharacterEncoding((String) null)),
                Map.entry("setLocale", () -> response.setLocale(null)),
                Map.entry("getHeader", () -> response.getHeader(null)),
                Map.entry("getHeaders", () -> response.getHeaders(null)),
                Map.entry("containsHeader", () -> response.containsHeader(null)),
                Map.entry("sendRedirect", () -> response.sendRedirect(null)),
                Map.entry("write", () -> response.getOutputStream().write((byte[]) null)),
                Map.entry("write beyond", () -> response.getOutputStream().write(new byte[5], 3, 10)),
                Map.entry("write negative", () -> response.getOutputStream().write(new byte[5], -1, 2)),
                Map.entry("write minus", () -> response.getOutputStream().write(new byte[5], 1, -2)),
                Map.entry("setBufferSize", () -> response.setBufferSize(0)),
                Map.entry("setStatus", () -> response.setStatus(200)));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("gives null and worse to every call: what the client gets is as without the filter")
    void nullArguments(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            Journal.Attempt call = callsWithNull(response).get(request.getParameter("call"));
            journal.attempt("call", call);
            journal.note("committed", response.isCommitted());
            attemptQuietly(() -> response.getOutputStream().print("0123456789"));
        });
        try (Twins twins = app.start(kind);
                Silence silence = Silence.begin()) {
            SoftAssertions all = new SoftAssertions();
            for (String name : callsWithNull(null).keySet()) {
                String path = "/x?call="
                        + name.replace(" ", "%20").replace("(", "%28").replace(")", "%29");
                RawResponse without = twins.plain(RawRequest.get(path));
                RawResponse with = twins.filtered(RawRequest.get(path));
                all.assertThat(with.status()).as(name).isEqualTo(without.status());
                all.assertThat(with.completion()).as(name).isEqualTo(Completion.COMPLETE);
                if (name.startsWith("write")) {
                    // Tomcat ignores a negative length, and sends zeros for others that java.io.OutputStream refuses.
                    all.assertThat(with.bodyText()).as(name).isEqualTo("0123456789");
                } else {
                    all.assertThat(twins.notes()).as(name).isEqualTo(twins.plainNotes());
                    all.assertThat(with.status() == 200 ? with.sha256() : "")
                            .as(name)
                            .isEqualTo(without.status() == 200 ? without.sha256() : "");
                }
            }
            all.assertAll();
        }
    }

    /** What no catch clause for exceptions sees. */
    private static final Map<String, Error> ERRORS = Map.of(
            "stack", new StackOverflowError("on purpose"),
            "memory", new OutOfMemoryError("on purpose"),
            "link", new NoClassDefFoundError("on purpose"),
            "own", new Error("on purpose"));

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P39 throws an Error: nothing looks complete, and the next request is answered")
    void errors(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
                    response.setContentLength(200_000);
                    if ("tagged".equals(request.getParameter("how"))) {
                        response.setHeader("ETag", "\"own\"");
                    }
                    if (!"early".equals(request.getParameter("how"))) {
                        response.getOutputStream().write(Bytes.pattern(100_000));
                    }
                    throw ERRORS.get(request.getParameter("error"));
                })
                .servlet("/recursion", (request, response, journal) -> {
                    response.getOutputStream().print("void");
                    recurse(1);
                })
                .servlet(
                        "/next",
                        (request, response, journal) ->
                                response.getOutputStream().print("0123456789"));
        try (Twins twins = app.start(kind);
                Silence silence = Silence.begin()) {
            for (String error : ERRORS.keySet()) {
                for (String how : new String[] {"early", "spooled", "tagged"}) {
                    assertFailed(twins, "/x?error=" + error + "&how=" + how);
                    assertThat(twins.get("/next", "Range: bytes=0-1").bodyText())
                            .isEqualTo("01");
                }
            }
            assertFailed(twins, "/recursion");
        }
    }

    private static void assertFailed(Twins twins, String path) throws IOException {
        try (RawClient client = twins.connect()) {
            LengthPitfallsTest.assertNotCompleteSuccess(client.get(path));
        } catch (EOFException e) {
            // Broken before its head, as Tomcat does when the machine has no memory.
        }
    }

    /** Undertow has no limit. */
    private static void assertFailedOrComplete(Twins twins, String path) throws IOException {
        try (RawClient client = twins.connect()) {
            RawResponse response = client.get(path);
            if (response.status() == 200 && response.completion() == Completion.COMPLETE) {
                assertThat(response.bodyText()).isEqualTo("0123456789");
            } else {
                LengthPitfallsTest.assertNotCompleteSuccess(response);
            }
        } catch (EOFException e) {
            // Broken before its head.
        }
    }

    private static int recurse(int depth) {
        return depth == 0 ? 0 : recurse(depth + 1) + 1;
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P1 forwards to itself a hundred times, and without end")
    void recursion(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/deep", (request, response, journal) -> {
                    int depth = request.getAttribute("depth") == null ? 0 : (Integer) request.getAttribute("depth");
                    request.setAttribute("depth", depth + 1);
                    response.getOutputStream().print("void");
                    if (depth < 100) {
                        request.getRequestDispatcher("/deep").forward(request, response);
                    } else {
                        response.getOutputStream().print(" and the end");
                    }
                })
                .servlet(
                        "/endless",
                        (request, response, journal) ->
                                request.getRequestDispatcher("/endless").forward(request, response));
        try (Twins twins = app.start(kind);
                Silence silence = Silence.begin()) {
            assertThat(twins.assertAlike("/deep").bodyText()).isEqualTo("void and the end");
            assertThat(twins.get("/deep", "Range: bytes=-3").bodyText()).isEqualTo("end");
            assertFailed(twins, "/endless");
            assertThat(twins.get("/deep").assertComplete().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sets very many fields, and more than the container can send")
    void manyFields(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            int count = Integer.parseInt(request.getQueryString());
            for (int i = 0; i < count; i++) {
                response.addHeader("X-" + i, "value");
            }
            for (int i = 0; i < count; i++) {
                response.addHeader("ETag", "\"tag-" + i + "\"");
                response.addHeader("Content-Length", "10");
            }
            response.getOutputStream().print("0123456789");
        });
        try (Twins twins = app.start(kind);
                Silence silence = Silence.begin()) {
            RawResponse many = twins.get("/x?100").assertComplete();
            assertThat(many.status()).isEqualTo(200);
            assertThat(many.lines())
                    .filteredOn(line -> line.name().startsWith("X-"))
                    .hasSize(100);
            assertThat(many.fields("ETag")).hasSize(1);
            assertThat(many.fields("Content-Length")).containsExactly("10");
            assertThat(many.bodyText()).isEqualTo("0123456789");
            assertFailedOrComplete(twins, "/x?20000");
            assertThat(twins.get("/x?1", "Range: bytes=0-1").bodyText()).isEqualTo("01");
        }
    }
}
