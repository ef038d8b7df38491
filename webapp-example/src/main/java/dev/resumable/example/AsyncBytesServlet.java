// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code /demo/async/{n}}: the answer of {@link BytesServlet}, written and completed by a thread of our own. */
public class AsyncBytesServlet extends BytesServlet {
    private static final System.Logger LOG = System.getLogger(AsyncBytesServlet.class.getName());
    private static final int THREADS = 16;

    private transient ExecutorService executor;

    @Override
    public void init() {
        executor = Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "demo-async"));
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }

    @Override
    void send(long count, HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync(request, response);
        // A slow reader is no error: only the container's connection timeout ends it.
        async.setTimeout(0);
        executor.execute(() -> sendAndComplete(count, response, async));
    }

    private static void sendAndComplete(long count, HttpServletResponse response, AsyncContext async) {
        try {
            response.flushBuffer();
            ByteSequence.write(count, response.getOutputStream());
        } catch (IOException clientIsGone) {
            LOG.log(Level.DEBUG, "The client went away", clientIsGone);
        } finally {
            async.complete();
        }
    }
}
