// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.catalina.core.StandardContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P4, P5 and P36 where the application has a wrapper of its own around our response. */
@DisplayName("a wrapper of the application's own:")
final class WrapperPitfallsTest {

    /** Tomcat 11 suspends the response at the end of every forward, unless it is told not to. */
    private static void keepOpen(WebApp web) {
        web.tomcatContext(context -> ((StandardContext) context).setSuspendWrappedResponseAfterForward(false));
    }

    private static void suspend(WebApp web) {
        web.tomcatContext(context -> ((StandardContext) context).setSuspendWrappedResponseAfterForward(true));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P4 a forward into a capturing wrapper is not the end: the application writes what it has captured")
    void captured(ContainerKind kind) throws IOException {
        TwinApp app = capturing().with(WrapperPitfallsTest::keepOpen);
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/decorated").bodyText()).isEqualTo("<0123456789>");
            assertThat(twins.get("/decorated", "Range: bytes=0-1").bodyText()).isEqualTo("<0");
        }
    }

    private static TwinApp capturing() {
        return TwinApp.of("/decorated", (request, response, journal) -> {
                    Capturing captured = new Capturing(response);
                    request.getRequestDispatcher("/part").forward(request, captured);
                    response.getOutputStream().print("<" + captured.text() + ">");
                })
                .servlet(
                        "/part",
                        (request, response, journal) -> response.getWriter().print("0123456789"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P4 a filter behind ours that holds bytes back writes them after the forward has returned")
    void lateFilter(ContainerKind kind) throws IOException {
        Filter late = (request, response, chain) -> {
            Capturing captured = new Capturing((HttpServletResponse) response);
            chain.doFilter(request, captured);
            response.getOutputStream().print("[" + captured.text() + "]");
        };
        TwinApp app = TwinApp.of(
                        "/start",
                        (request, response, journal) ->
                                request.getRequestDispatcher("/end").forward(request, response))
                .servlet(
                        "/end",
                        (request, response, journal) -> response.getWriter().print("0123456789"))
                .with(web -> web.filter(FilterEntry.of("late", late, "/start").async()))
                .with(WrapperPitfallsTest::keepOpen);
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/start").bodyText()).isEqualTo("[0123456789]");
            RawResponse part = twins.get("/start", "Range: bytes=-2").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.bodyText()).isEqualTo("9]");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P5 a wrapper that passes its bytes on when the container closes it after the forward loses none"
            + " (Jetty closes its stream and not its writer, with and without the filter)")
    void writtenOnClose(ContainerKind kind) throws IOException {
        TwinApp app = buffering().with(WrapperPitfallsTest::keepOpen);
        try (Twins twins = app.start(kind)) {
            boolean closed = !kind.isJetty();
            assertThat(twins.assertAlike("/start").bodyText()).isEqualTo(closed ? "0123456789" : "");
            assertThat(twins.get("/start", "Range: bytes=2-4").bodyText()).isEqualTo(closed ? "234" : "");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P5 what such a wrapper holds after it has passed on a first part is not lost either")
    void partlyWritten(ContainerKind kind) throws IOException {
        TwinApp app = buffering().with(WrapperPitfallsTest::keepOpen);
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/start?flush").bodyText()).isEqualTo(kind.isJetty() ? "01234" : "0123456789");
        }
    }

    private static TwinApp buffering() {
        return TwinApp.of(
                        "/start",
                        (request, response, journal) ->
                                request.getRequestDispatcher("/end").forward(request, new Buffered(response)))
                .servlet("/end", (request, response, journal) -> {
                    response.getWriter().print("01234");
                    if ("flush".equals(request.getQueryString())) {
                        response.getWriter().flush();
                    }
                    response.getWriter().print("56789");
                });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P4 where Tomcat suspends the response after a forward, as Tomcat 11 does by default, it loses what comes"
                    + " later, with the filter and without; with it, a wrapper that holds bytes is closed in time")
    void suspended(ContainerKind kind) throws IOException {
        try (Twins twins = capturing().with(WrapperPitfallsTest::suspend).start(kind)) {
            assertThat(twins.assertAlike("/decorated").bodyText())
                    .isEqualTo(kind == ContainerKind.TOMCAT ? "" : "<0123456789>");
        }
        try (Twins twins = buffering().with(WrapperPitfallsTest::suspend).start(kind)) {
            if (kind == ContainerKind.TOMCAT) {
                assertThat(twins.plain(RawRequest.get("/start")).bodyText()).isEmpty();
                assertThat(twins.plain(RawRequest.get("/start?flush")).bodyText())
                        .isEqualTo("01234");
            }
            for (String path : new String[] {"/start", "/start?flush"}) {
                RawResponse response = twins.get(path).assertComplete();
                assertThat("0123456789").as(path).startsWith(response.bodyText());
                if (!kind.isJetty()) {
                    assertThat(response.bodyText()).as(path).hasSize(10);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P36 a wrapper that swallows calls: the body is whole and cut, generated or a file")
    void swallowed(ContainerKind kind, @TempDir Path root) throws IOException {
        Bytes.write(root.resolve("file.bin"), 50_000);
        Filter swallow =
                (request, response, chain) -> chain.doFilter(request, new Swallowing((HttpServletResponse) response));
        TwinApp app = TwinApp.of("/generated", (request, response, journal) -> {
                    response.setContentLength(5);
                    response.setHeader("ETag", "\"swallowed\"");
                    response.getOutputStream().write(Bytes.pattern(20_000));
                    response.flushBuffer();
                    response.getOutputStream().close();
                    response.getOutputStream().write(Bytes.slice(20_000, 30_000));
                })
                .servlet(
                        "/forward",
                        (request, response, journal) ->
                                request.getRequestDispatcher("/file.bin").forward(request, response))
                .with(web -> web.documentRoot(root)
                        .filter(FilterEntry.of("swallow", swallow, "/*").async()));
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/generated", "/file.bin", "/forward"}) {
                RawResponse whole = twins.get(path).assertComplete();
                assertThat(whole.status()).as(path).isEqualTo(200);
                assertThat(whole.sha256()).as(path).isEqualTo(Bytes.sha256(0, 50_000));
                RawResponse part = twins.get(path, "Range: bytes=49990-").assertComplete();
                assertThat(part.status()).as(path).isEqualTo(206);
                assertThat(part.body()).as(path).isEqualTo(Bytes.slice(49_990, 10));
            }
        }
    }

    /** Keeps the body for itself. */
    private static final class Capturing extends HttpServletResponseWrapper {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));

        Capturing(HttpServletResponse response) {
            super(response);
        }

        String text() {
            writer.flush();
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public PrintWriter getWriter() {
            return writer;
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public void write(int b) {
                    bytes.write(b);
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new IllegalStateException("blocking only");
                }
            };
        }
    }

    /** Has a writer with a buffer of its own. */
    private static final class Buffered extends HttpServletResponseWrapper {

        private final PrintWriter writer;

        Buffered(HttpServletResponse response) throws IOException {
            super(response);
            this.writer = new PrintWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        }

        @Override
        public PrintWriter getWriter() {
            return writer;
        }
    }

    /** Swallows whatever it can, as decorators do that want to be the only ones to decide. */
    private static final class Swallowing extends HttpServletResponseWrapper {

        Swallowing(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setContentLength(int length) {}

        @Override
        public void setContentLengthLong(long length) {}

        @Override
        public void setHeader(String name, String value) {}

        @Override
        public void setDateHeader(String name, long date) {}

        @Override
        public void flushBuffer() {}

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream out = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }

                @Override
                public void close() {}

                @Override
                public boolean isReady() {
                    return out.isReady();
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    out.setWriteListener(listener);
                }
            };
        }
    }
}
