// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import dev.resumable.testing.Bytes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** Answers {@code /n} with n bytes of {@link Bytes}, in one of the ways in which applications write. */
final class PatternServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final long MODIFIED = 1_700_000_000_000L;

    /** How the bytes are written. */
    enum Way {
        /** In small pieces of uneven length, with nothing declared. */
        PIECES,
        /** After a flush. */
        FLUSHED,
        /** As characters, each of one byte. */
        WRITER,
        /** From another thread. */
        ASYNC,
        /** With a length, a strong tag and a date of the application's own. */
        DECLARED
    }

    private final Way way;
    private final transient Executor executor;

    PatternServlet(Way way, Executor executor) {
        this.way = way;
        this.executor = executor;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int length = Integer.parseInt(request.getPathInfo().substring(1));
        response.setContentType("application/x-pattern");
        switch (way) {
            case PIECES -> writePieces(length, response.getOutputStream());
            case FLUSHED -> {
                response.flushBuffer();
                response.getOutputStream().write(Bytes.pattern(length));
            }
            case WRITER -> {
                response.setContentType("application/x-pattern;charset=ISO-8859-1");
                response.getWriter().write(new String(Bytes.pattern(length), StandardCharsets.ISO_8859_1));
            }
            case ASYNC -> {
                AsyncContext async = request.startAsync();
                executor.execute(() -> writeLater(length, async));
            }
            case DECLARED -> {
                response.setHeader("ETag", "\"own-" + length + "\"");
                response.setDateHeader("Last-Modified", MODIFIED);
                response.setContentLength(length);
                writePieces(length, response.getOutputStream());
            }
        }
    }

    private static void writeLater(int length, AsyncContext async) {
        try {
            writePieces(length, async.getResponse().getOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            async.complete();
        }
    }

    private static void writePieces(int length, OutputStream out) throws IOException {
        byte[] bytes = Bytes.pattern(length);
        int size = 1;
        for (int done = 0; done < length; ) {
            int count = Math.min(size, length - done);
            out.write(bytes, done, count);
            done += count;
            size = size * 3 % 7_919 + 1;
        }
    }
}
