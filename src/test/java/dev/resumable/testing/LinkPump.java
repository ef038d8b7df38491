// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries one direction of a connection and commits its fault at the byte it is due.
 *
 * <p>It never reads a byte beyond that, so a stalled sender feels its full window, and a cut loses nothing before it.
 */
final class LinkPump {
    private static final int BUFFER = 64 * 1024;

    private final LinkConnection connection;
    private final Socket from;
    private final Socket to;
    private final Fault fault;
    private final AtomicLong total;
    private final byte[] buffer = new byte[BUFFER];

    LinkPump(LinkConnection connection, Socket from, Socket to, Fault fault, AtomicLong total) {
        this.connection = connection;
        this.from = from;
        this.to = to;
        this.fault = fault;
        this.total = total;
    }

    /** Returns when this direction is at its end. */
    void run() throws IOException, InterruptedException {
        if (!carry(fault.after(), BUFFER)) {
            return;
        }
        switch (fault.kind()) {
            case NONE -> throw new IllegalStateException("more than Long.MAX_VALUE bytes");
            case CUT -> cut();
            case RESET -> connection.reset();
            case HALF_CLOSE -> {
                to.shutdownOutput();
                discard(from);
            }
            case STALL -> {
                connection.awaitRelease();
                carry(Long.MAX_VALUE, BUFFER);
            }
            case DRIP -> carry(Long.MAX_VALUE, 1);
        }
    }

    /** Passes {@code count} bytes on in pieces of at most {@code size}; tells whether they all came. */
    private boolean carry(long count, int size) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        long left = count;
        while (left > 0) {
            int got = in.read(buffer, 0, (int) Math.min(size, left));
            if (got < 0) {
                to.shutdownOutput();
                return false;
            }
            out.write(buffer, 0, got);
            total.addAndGet(got);
            left -= got;
        }
        return true;
    }

    /**
     * Ends the receiver in order and drops the sender.
     *
     * <p>A socket closed with unread bytes sends RST, which would turn the orderly end into a broken one; so what the
     * receiver still sends is read away until it closes too.
     */
    private void cut() throws IOException {
        to.shutdownOutput();
        connection.cutOn(from);
        discard(to);
    }

    private void discard(Socket source) throws IOException {
        InputStream in = source.getInputStream();
        while (in.read(buffer) >= 0) {
            // Only the end matters.
        }
    }
}
