// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.TimeUnit;

/** Writes the content of an answer to the client: in small pieces to a slow one, in large ones, which cost less, to a fast one. */
final class RelayOutput {

    /** The most bytes of one write. */
    static final int MOST = 64 * 1024;

    /**
     * What a client has to take within its idle timeout to keep its connection. With less Jetty would gather several in a
     * buffer of its own, and wait for all of them at once.
     */
    private static final int SLICE = 16 * 1024;

    /** For {@link #MOST} bytes: a client that takes some MiB a second does not wait for its last 64 KiB. */
    private static final long FAST = TimeUnit.MILLISECONDS.toNanos(20);

    /** Systems take some MiB for a client that reads nothing. */
    private static final long LONG = 8L * 1024 * 1024;

    private final HttpServletResponse response;
    private final ClientPatience patience;
    private int piece = SLICE;
    private long written;

    RelayOutput(HttpServletResponse response, ClientPatience patience) {
        this.response = response;
        this.patience = patience;
    }

    /** Writes so many bytes, {@link #MOST} at most. */
    void write(byte[] bytes, int count) throws ClientException {
        long begun = System.nanoTime();
        for (int done = 0; done < count; done += piece) {
            writePiece(bytes, done, Math.min(piece, count - done));
        }
        written += count;
        boolean fast = System.nanoTime() - begun < FAST;
        piece = fast && written > LONG ? MOST : SLICE;
    }

    private void writePiece(byte[] bytes, int offset, int count) throws ClientException {
        patience.within(() -> {
            response.getOutputStream().write(bytes, offset, count);
            return count;
        });
    }
}
