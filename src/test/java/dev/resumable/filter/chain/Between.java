// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** What stands between our filter and a default servlet: a filter that tests put there, and behind it one that counts bytes. */
final class Between {

    private static final Filter NOTHING = (request, response, chain) -> chain.doFilter(request, response);

    private final AtomicLong written = new AtomicLong();
    private volatile Filter filter = NOTHING;

    /** Adds both behind what the application has by now, so that nobody behind them is async. */
    WebApp addWithoutAsyncTo(WebApp app) {
        return app.filter(FilterEntry.of("between", this::filter, "/*"))
                .filter(FilterEntry.of("counting", this::count, "/*"));
    }

    /** Adds both behind what the application has by now; one default servlet is async behind them. */
    WebApp addTo(WebApp app) {
        return app.filter(FilterEntry.of("between", this::filter, "/*").async())
                .filter(FilterEntry.of("counting", this::count, "/*").async());
    }

    /** From the next request on this filter is there. */
    void put(Filter next) {
        filter = next;
    }

    void remove() {
        filter = NOTHING;
    }

    /** How many bytes the servlet has written since it was asked last. */
    long written() {
        return written.getAndSet(0);
    }

    private void filter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter.doFilter(request, response, chain);
    }

    private void count(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new Rewritten((HttpServletResponse) response, (bytes, offset, length) -> {
            written.addAndGet(length);
        }));
    }

    /** Sees bytes on their way, and may change them where they lie. */
    @FunctionalInterface
    interface Eye {
        void see(byte[] bytes, int offset, int length);
    }

    /** A response whose bytes an eye sees before they go on. */
    static final class Rewritten extends HttpServletResponseWrapper {

        private final Eye eye;
        private ServletOutputStream stream;

        Rewritten(HttpServletResponse response, Eye eye) {
            super(response);
            this.eye = eye;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (stream == null) {
                stream = new SeenStream(super.getOutputStream(), eye);
            }
            return stream;
        }
    }

    /** A stream that stays open when its servlet closes it, for who has more to write. */
    static final class OpenStream extends SeenStream {

        OpenStream(ServletOutputStream below) {
            super(below, (bytes, offset, length) -> {});
        }

        @Override
        public void close() {
            // Not yet.
        }
    }

    private static class SeenStream extends ServletOutputStream {

        private final ServletOutputStream below;
        private final Eye eye;

        SeenStream(ServletOutputStream below, Eye eye) {
            this.below = below;
            this.eye = eye;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
            eye.see(copy, 0, length);
            below.write(copy, 0, length);
        }

        @Override
        public void flush() throws IOException {
            below.flush();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }

        @Override
        public boolean isReady() {
            return below.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            below.setWriteListener(listener);
        }
    }
}
