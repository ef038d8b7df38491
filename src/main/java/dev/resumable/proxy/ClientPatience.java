// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.servlet.StallWatch;
import dev.resumable.servlet.TomcatWaits;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long one exchange waits for its client: each read of its content and each write to it has the same limit.
 *
 * <p>Implementation note: blocked reads and writes of a servlet have no timeout, but Jetty and Undertow give them up when their
 * thread is interrupted. Tomcat does not; it has a limit of its own for each of them, which is lowered.
 */
final class ClientPatience implements AutoCloseable {

    private final HttpServletRequest request;
    private final Duration limit;
    private final StallWatch watch;
    private final Runnable givenUp;
    private @Nullable TomcatWaits ofTomcat;
    private @Nullable Thread waiting;
    private @Nullable Thread reading;
    private volatile boolean over;
    private volatile boolean contentUnwanted;

    /** A read or a write that may wait for the client. */
    @FunctionalInterface
    interface Wait<T> {
        T run() throws IOException;
    }

    /**
     * @param limit zero for no limit
     * @param givenUp is run once the client is given up, on a thread that must not wait
     */
    ClientPatience(HttpServletRequest request, Duration limit, Runnable givenUp) {
        this.request = request;
        this.limit = limit;
        this.watch = new StallWatch(limit, this::giveUp);
        this.givenUp = givenUp;
    }

    /** The exchange begins; {@link #close} must follow. */
    void open() {
        ofTomcat = TomcatWaits.lower(request, limit);
    }

    /** Reads or writes; a failure, and one wait above the limit, is a {@link ClientException}. */
    <T> T within(Wait<T> wait) throws ClientException {
        begin();
        try {
            return wait.run();
        } catch (IOException e) {
            throw over || isOfTomcat(e) ? ClientException.timedOut() : new ClientException(e);
        } finally {
            rest();
        }
    }

    /** As {@link #within}, for content of the request; an {@link UnwantedContentException} once {@link #stopReading} was called. */
    <T> T reading(Wait<T> wait) throws IOException {
        synchronized (this) {
            if (contentUnwanted) {
                throw new UnwantedContentException();
            }
            reading = Thread.currentThread();
        }
        try {
            return within(wait);
        } catch (IOException | RuntimeException e) {
            // Containers tell of an interrupted read by exceptions of either kind.
            if (ofTomcat != null && (contentUnwanted || over)) {
                ofTomcat.readingStopped();
            }
            if (contentUnwanted && !over) {
                throw new UnwantedContentException();
            }
            throw e;
        } finally {
            read();
        }
    }

    private synchronized void read() {
        reading = null;
        if (contentUnwanted) {
            boolean unused = Thread.interrupted();
        }
    }

    /** Nobody wants what the client has still to send: a read that waits for it ends, and no other begins. Any thread may ask. */
    synchronized void stopReading() {
        contentUnwanted = true;
        if (reading == null || ofTomcat == null || ofTomcat.isOverAjp()) {
            // Behind AJP the answer could not be ended. A front server that waits for its client takes none meanwhile.
            return;
        }
        // Tomcat's channels would be closed by an interrupt, and the answer with them.
        if (!ofTomcat.stopReading()) {
            reading.interrupt();
        }
    }

    private static boolean isOfTomcat(Throwable failure) {
        return failure instanceof SocketTimeoutException || failure.getCause() instanceof SocketTimeoutException;
    }

    private synchronized void begin() throws ClientException {
        if (over) {
            throw ClientException.timedOut();
        }
        waiting = Thread.currentThread();
        watch.begin();
    }

    private synchronized void rest() {
        watch.rest();
        waiting = null;
        if (over) {
            // The thread has other things to do; to ask is to clear.
            boolean unused = Thread.interrupted();
        }
    }

    /** True if the client was given up. */
    boolean isOver() {
        return over;
    }

    private void giveUp() {
        synchronized (this) {
            over = true;
            // Tomcat's channels would be closed by an interrupt, and the answer with them.
            if (waiting != null && (reading == null || ofTomcat == null || !ofTomcat.stopReading())) {
                waiting.interrupt();
            }
        }
        givenUp.run();
    }

    /** The exchange is over. */
    @Override
    public void close() {
        watch.end();
        if (ofTomcat != null) {
            ofTomcat.restore();
        }
    }
}
