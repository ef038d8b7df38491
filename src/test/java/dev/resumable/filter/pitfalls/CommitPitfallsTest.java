// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P22: a response that is held back and yet committed. */
@DisplayName("the virtual commit:")
final class CommitPitfallsTest {

    /** Everything that a commit freezes, each a call that changes something before it. */
    private static void changeAll(HttpServletResponse response, Journal journal) {
        journal.note("committed", response.isCommitted());
        response.setStatus(206);
        response.setHeader("X-Set", "late");
        response.addHeader("X-Add", "late");
        response.setIntHeader("X-Int", 2);
        response.setDateHeader("X-Date", 0);
        response.addCookie(new Cookie("late", "1"));
        response.setContentType("image/png");
        response.setCharacterEncoding("UTF-16");
        response.setLocale(Locale.JAPANESE);
        response.setContentLength(1);
        response.setHeader("ETag", "\"late\"");
        journal.note("status", response.getStatus());
        journal.note("type", response.getContentType());
        journal.note("set", response.getHeader("X-Set"));
        journal.note("add", response.getHeader("X-Add"));
        journal.attempt("reset", response::reset);
        journal.attempt("resetBuffer", response::resetBuffer);
        journal.attempt("error", () -> response.sendError(500));
        journal.attempt("redirect", () -> response.sendRedirect("/elsewhere"));
        journal.attempt("bufferSize", () -> response.setBufferSize(1_000_000));
    }

    private static TwinApp app() {
        return TwinApp.of("/flush", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.flushBuffer();
                    changeAll(response, journal);
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/stream", (request, response, journal) -> {
                    response.setHeader("X-Set", "early");
                    response.getOutputStream().print("01234");
                    response.getOutputStream().flush();
                    changeAll(response, journal);
                    response.getOutputStream().print("56789");
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getWriter().print("01234");
                    response.getWriter().flush();
                    changeAll(response, journal);
                    response.getWriter().print("56789");
                })
                .servlet("/overflow", (request, response, journal) -> {
                    response.getOutputStream().write(new byte[100_000]);
                    changeAll(response, journal);
                });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P22 after a flush of any kind, or more than the buffer takes, everything is frozen; Undertow alone shows"
                    + " late fields to the application that no client sees")
    void frozen(ContainerKind kind) throws IOException {
        try (Twins twins = app().start(kind)) {
            for (String path : new String[] {"/flush", "/stream", "/writer", "/overflow"}) {
                RawResponse response =
                        kind == ContainerKind.UNDERTOW ? twins.assertAlikeOnTheWire(path) : twins.assertAlike(path);
                assertThat(twins.notes())
                        .as(path)
                        .startsWith("committed: true", "status: 200")
                        .contains("reset: IllegalStateException", "error: IllegalStateException");
                assertThat(response.field("ETag")).as(path).get().asString().startsWith("\"c.");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P22 a body that was flushed virtually can still be cut")
    void stillRanges(ContainerKind kind) throws IOException {
        try (Twins twins = app().start(kind)) {
            for (String path : new String[] {"/flush", "/stream", "/writer"}) {
                RawResponse part = twins.get(path, "Range: bytes=4-5").assertComplete();
                assertThat(part.status()).as(path).isEqualTo(206);
                assertThat(part.bodyText()).as(path).isEqualTo("45");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P22 before that nothing is: small writes, encoders that hold characters, an empty write")
    void notYet(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    response.getOutputStream().write(new byte[0]);
                    journal.note("empty", response.isCommitted());
                    response.getOutputStream().print("void");
                    journal.note("small", response.isCommitted());
                    response.resetBuffer();
                    response.setStatus(404);
                    response.setHeader("X-Late", "1");
                    response.getOutputStream().print("body");
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.getWriter().print("void");
                    journal.note("small", response.isCommitted());
                    journal.attempt("reset", response::reset);
                    response.setHeader("X-Late", "1");
                    response.getWriter().print("body");
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertIdentical("/stream").bodyText()).isEqualTo("body");
            assertThat(twins.assertAlike("/writer").bodyText()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P22 the response is committed once all bytes of a declared length are written; Undertow leaves it open")
    void declaredLengthWritten(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.setContentLength(10);
            response.getOutputStream().print("0123456789");
            journal.note("committed", response.isCommitted());
        });
        try (Twins twins = app.start(kind)) {
            RawResponse response =
                    kind == ContainerKind.UNDERTOW ? twins.assertAlikeOnTheWire("/x") : twins.assertAlike("/x");
            assertThat(response.bodyText()).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P22 a session cannot begin once the response is committed; Undertow begins one that no client learns of")
    void session(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.getOutputStream().print("body");
            response.flushBuffer();
            journal.attempt("session", () -> request.getSession(true));
        });
        try (Twins twins = app.start(kind)) {
            RawResponse response =
                    kind == ContainerKind.UNDERTOW ? twins.assertAlikeOnTheWire("/x") : twins.assertAlike("/x");
            assertThat(response.fields("Set-Cookie")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P22 flush before, between and after the output, and after its end, is harmless")
    void flushes(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    journal.attempt("flush", response::flushBuffer);
                    response.getOutputStream().print("01234");
                    journal.attempt("flush", response.getOutputStream()::flush);
                    response.getOutputStream().print("56789");
                    journal.attempt("flush", response::flushBuffer);
                    response.getOutputStream().close();
                    journal.note("committed", response.isCommitted());
                    journal.attempt("flush", response::flushBuffer);
                    journal.attempt("close", response.getOutputStream()::close);
                })
                .servlet("/closed", (request, response, journal) -> {
                    response.getOutputStream().print("0123456789");
                    response.getOutputStream().close();
                    response.setHeader("X-Late", "1");
                    response.setStatus(500);
                    journal.attempt("flush", response::flushBuffer);
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.getWriter().print("0123456789");
                    response.getWriter().close();
                    response.getWriter().print("late");
                    response.getWriter().close();
                    journal.attempt("flush", response::flushBuffer);
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/stream", "/closed", "/writer"}) {
                assertThat(twins.assertAlike(path).bodyText()).as(path).isEqualTo("0123456789");
            }
        }
    }
}
