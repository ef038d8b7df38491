// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P51, P52, P54: the calls that go through the wrappers. */
@DisplayName("the output of an application")
final class OutputCallsTest {

    private static final int LENGTH = 400_000;

    private final AtomicInteger single = new AtomicInteger();
    private final AtomicInteger blocks = new AtomicInteger();

    /** Counts what arrives below the filter under test. */
    private void count(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
            @Override
            public ServletOutputStream getOutputStream() throws IOException {
                return new Counting(super.getOutputStream());
            }
        });
    }

    private final class Counting extends ServletOutputStream {

        private final ServletOutputStream out;

        Counting(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            single.incrementAndGet();
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            blocks.incrementAndGet();
            out.write(bytes, offset, length);
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }

    /** Writes in the way that the path names. */
    private static void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] all = Bytes.pattern(LENGTH);
        switch (request.getServletPath()) {
            case "/bytes" -> {
                for (byte b : all) {
                    response.getOutputStream().write(b);
                }
            }
            case "/tagged" -> {
                response.setHeader("ETag", "\"own\"");
                response.setContentLength(LENGTH);
                response.getOutputStream().write(all);
            }
            case "/untouched" -> {
                response.setHeader("Cache-Control", "no-store");
                response.getOutputStream().write(all);
            }
            default -> response.getOutputStream().write(all);
        }
    }

    @ParameterizedTest(name = "P51 {0}")
    @ContainerSource
    @DisplayName("P51 goes down in blocks, also where the application writes single bytes into a spool")
    void blocks(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.behind(
                FilterEntry.of("count", this::count, "/*").async(), new RangeServletFilter(RangeConfig.defaults()));
        for (String path : new String[] {"/whole", "/bytes", "/tagged", "/untouched"}) {
            app.servlet(path, OutputCallsTest::write);
        }
        try (EmbeddedContainer container = kind.start(app.app())) {
            for (String path : new String[] {"/whole", "/bytes", "/tagged", "/untouched"}) {
                single.set(0);
                blocks.set(0);
                RawResponse got = container.get(path).assertComplete();
                assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
                assertThat(single).as(path).hasValue(0);
                assertThat(blocks.get()).as(path).isBetween(1, 100);
            }
        }
    }

    @ParameterizedTest(name = "P52 {0}")
    @ContainerSource
    @DisplayName("P52 may be flushed and closed at any time and any number of times")
    void flushes(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create()
                .servlet("/stream", (request, response) -> {
                    response.flushBuffer();
                    ServletOutputStream out = response.getOutputStream();
                    out.flush();
                    out.print("01234");
                    out.flush();
                    response.flushBuffer();
                    out.print("56789");
                    out.close();
                    out.flush();
                    out.close();
                    response.flushBuffer();
                })
                .servlet("/writer", (request, response) -> {
                    response.flushBuffer();
                    var writer = response.getWriter();
                    writer.flush();
                    writer.print("01234");
                    writer.flush();
                    response.flushBuffer();
                    writer.print("56789");
                    writer.close();
                    writer.flush();
                    writer.close();
                    response.flushBuffer();
                });
        try (EmbeddedContainer container = kind.start(app.app())) {
            for (String path : new String[] {"/stream", "/writer"}) {
                RawResponse whole = container.get(path).assertComplete();
                assertThat(whole.bodyText()).as(path).isEqualTo("0123456789");
                assertThat(whole.field("Content-Length")).contains("10");
                RawResponse part = container.get(path, "Range: bytes=4-6").assertComplete();
                assertThat(part.status()).as(path).isEqualTo(206);
                assertThat(part.bodyText()).isEqualTo("456");
            }
        }
    }

    @ParameterizedTest(name = "P54 {0}")
    @ContainerSource
    @DisplayName("P54 unwraps down to the container's own request and response")
    void unwrapping(ContainerKind kind) throws IOException {
        WebApp app = FilteredApp.create()
                .servlet("/chain", (request, response) -> {
                    ServletRequest innerRequest = request;
                    while (innerRequest instanceof ServletRequestWrapper wrapper) {
                        innerRequest = wrapper.getRequest();
                    }
                    ServletResponse innerResponse = response;
                    while (innerResponse instanceof ServletResponseWrapper wrapper) {
                        innerResponse = wrapper.getResponse();
                    }
                    response.getWriter()
                            .print(innerRequest.getClass().getName() + " "
                                    + innerResponse.getClass().getName());
                })
                .app();
        WebApp bare = new WebApp().servlet("bare", new Bare(), "/chain");
        String expected;
        try (EmbeddedContainer container = kind.start(bare)) {
            expected = container.get("/chain").assertComplete().bodyText();
        }
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/chain").assertComplete().bodyText()).isEqualTo(expected);
        }
    }

    /** Names what a container gives to a servlet without filters. */
    private static final class Bare extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print(request.getClass().getName() + " "
                            + response.getClass().getName());
        }
    }
}
