// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.QuietAsyncListener;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An application that writes the pattern of {@link Bytes} and fails after {@code at} bytes, in many ways. */
final class FailingApplication {

    /** The bytes that it means to write. */
    static final int LENGTH = 150_000;

    private static final int BLOCK = 4_096;

    /** How the body gets to the filter. */
    enum Way {
        PLAIN,
        FLUSHED,
        LENGTH_DECLARED,
        TAGGED,
        /** Length and tag of its own: sent while it is written. */
        TAGGED_LENGTH_DECLARED,
        /** By the writer. */
        WRITER,
        /** In a dispatched pass after async. */
        DISPATCHED,
        /** By a thread that then completes, with a declared length: without one the end of the body is anybody's guess. */
        THREAD_LENGTH_DECLARED,
        /** In {@code onWritePossible}; {@code onError} completes, as is usual. */
        LISTENER,
        /** On a thread that the container lends. */
        STARTED,
        /** The same, with a listener that completes, whatever it is told. */
        STARTED_WITH_LISTENER,
        /** In the pass that has started async, with such a listener. */
        THROWN_WITH_LISTENER,
        /** The same, with the head flushed before. */
        FLUSHED_AND_THROWN_WITH_LISTENER,
        /** It stalls after a part of what it declared, and its listener completes when the time is over. */
        TIMED_OUT
    }

    /** What is thrown. */
    enum Failure {
        IO,
        RUNTIME,
        SERVLET,
        ERROR;

        /** Throws it. */
        void strike() throws IOException, ServletException {
            switch (this) {
                case IO -> throw new IOException("on purpose");
                case RUNTIME -> throw new IllegalStateException("on purpose");
                case SERVLET -> throw new ServletException("on purpose");
                case ERROR -> throw new AssertionError("on purpose");
            }
        }
    }

    private final Way way;
    private final Failure failure;
    private final int at;

    private FailingApplication(Way way, Failure failure, int at) {
        this.way = way;
        this.failure = failure;
        this.at = at;
    }

    /** The query that asks for one failure. */
    static String query(Way way, Failure failure, int at) {
        return "?way=" + way + "&failure=" + failure + "&at=" + at;
    }

    /** Does as the query says. */
    static void service(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        new FailingApplication(
                        Way.valueOf(request.getParameter("way")),
                        Failure.valueOf(request.getParameter("failure")),
                        Integer.parseInt(request.getParameter("at")))
                .run(request, response);
    }

    private void run(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        response.setContentType("application/octet-stream");
        switch (way) {
            case PLAIN -> writeAndFail(response.getOutputStream());
            case WRITER -> {
                response.setContentType("text/plain;charset=UTF-8");
                response.getWriter().write("x".repeat(at));
                failure.strike();
            }
            case FLUSHED -> {
                response.flushBuffer();
                write(response.getOutputStream(), 0, at / 2);
                response.flushBuffer();
                write(response.getOutputStream(), at / 2, at);
                response.flushBuffer();
                failure.strike();
            }
            case LENGTH_DECLARED -> {
                response.setContentLength(LENGTH);
                writeAndFail(response.getOutputStream());
            }
            case TAGGED -> {
                response.setHeader("ETag", "\"own\"");
                writeAndFail(response.getOutputStream());
            }
            case TAGGED_LENGTH_DECLARED -> {
                response.setHeader("ETag", "\"own\"");
                response.setContentLength(LENGTH);
                writeAndFail(response.getOutputStream());
            }
            case DISPATCHED -> dispatchOnce(request, response);
            case THREAD_LENGTH_DECLARED -> {
                response.setContentLength(LENGTH);
                completeShort(start(request));
            }
            case LISTENER -> listen(start(request));
            case STARTED -> {
                AsyncContext async = start(request);
                async.setTimeout(500);
                async.start(() -> writeAndFailUnchecked(async));
            }
            case THROWN_WITH_LISTENER, FLUSHED_AND_THROWN_WITH_LISTENER -> {
                AsyncContext async = start(request);
                async.addListener(new Completing());
                if (way == Way.FLUSHED_AND_THROWN_WITH_LISTENER) {
                    response.flushBuffer();
                }
                writeAndFail(response.getOutputStream());
            }
            case TIMED_OUT -> {
                response.setHeader("ETag", "\"own\"");
                response.setContentLength(LENGTH);
                AsyncContext async = start(request);
                async.setTimeout(500);
                async.addListener(new Completing());
                write(response.getOutputStream(), 0, at);
                response.flushBuffer();
            }
            case STARTED_WITH_LISTENER -> {
                AsyncContext async = start(request);
                async.setTimeout(500);
                async.addListener(new Completing());
                async.start(() -> writeAndFailUnchecked(async));
            }
        }
    }

    private static final class Completing extends QuietAsyncListener {

        @Override
        public void onTimeout(AsyncEvent event) {
            event.getAsyncContext().complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            event.getAsyncContext().complete();
        }
    }

    private static AsyncContext start(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.setTimeout(20_000);
        return async;
    }

    private void dispatchOnce(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            write(response.getOutputStream(), at / 2, at);
            failure.strike();
        }
        write(response.getOutputStream(), 0, at / 2);
        start(request).dispatch();
    }

    private void completeShort(AsyncContext async) {
        Thread thread = new Thread(() -> {
            try {
                write(async.getResponse().getOutputStream(), 0, at);
            } catch (IOException e) {
                throw new IllegalStateException("nobody breaks this connection", e);
            } finally {
                async.complete();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void writeAndFailUnchecked(AsyncContext async) {
        try {
            write(async.getResponse().getOutputStream(), 0, at);
        } catch (IOException e) {
            throw new IllegalStateException("nobody breaks this connection", e);
        }
        throw new IllegalStateException("on purpose");
    }

    private void listen(AsyncContext async) throws IOException {
        ServletOutputStream out = async.getResponse().getOutputStream();
        out.setWriteListener(new WriteListener() {
            private int position;

            @Override
            public void onWritePossible() throws IOException {
                while (out.isReady()) {
                    if (position == at) {
                        strike();
                    }
                    int count = Math.min(BLOCK, at - position);
                    out.write(Bytes.slice(position, count));
                    position += count;
                }
            }

            private void strike() throws IOException {
                try {
                    failure.strike();
                } catch (ServletException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void onError(Throwable thrown) {
                async.complete();
            }
        });
    }

    private void writeAndFail(ServletOutputStream out) throws IOException, ServletException {
        write(out, 0, at);
        failure.strike();
    }

    private static void write(ServletOutputStream out, int from, int to) throws IOException {
        for (int position = from; position < to; position += BLOCK) {
            out.write(Bytes.slice(position, Math.min(BLOCK, to - position)));
        }
    }
}
