// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * For how long Tomcat waits for the client of one request when it reads or writes on a thread that is blocked.
 *
 * <p>It gives such waits up by itself alone, after the {@code connectionTimeout} of its connector; their thread cannot be
 * interrupted. So the limits of the connection are lowered meanwhile, by reflection. Where that cannot be done, the
 * connector's hold. Streams of HTTP/2 can be interrupted, and share a connection.
 */
public final class TomcatWaits {

    private static final Logger LOG = System.getLogger(TomcatWaits.class.getName());

    /**
     * How much later Tomcat gives a read up than {@link #stopReading}, which leaves the response alone: Tomcat tells its own
     * limit not only to the read but, now and then before that, to another thread which closes the connection.
     */
    private static final Duration BEHIND_OURS = Duration.ofSeconds(3);

    private final ServletRequest innermost;
    private final Runnable restore;

    private TomcatWaits(ServletRequest innermost, Runnable restore) {
        this.innermost = innermost;
        this.restore = restore;
    }

    /** Lowers the limits for this request, if it is one of Tomcat's; zero is no limit. */
    public static TomcatWaits lower(ServletRequest request, Duration limit) {
        ServletRequest innermost = TomcatObjects.innermost(request);
        if (!TomcatObjects.hasConnection(innermost) || limit.isZero()) {
            return new TomcatWaits(innermost, () -> {});
        }
        try {
            Object socket = TomcatObjects.socket(innermost);
            long readingBefore = get(socket, "ReadTimeout");
            // One of the same length would strike at the same moment.
            if (isLonger(readingBefore, limit.toMillis() - 1)) {
                set(socket, "ReadTimeout", limit.plus(BEHIND_OURS).toMillis());
            }
            long before = get(socket, "WriteTimeout");
            if (isLonger(before, limit.toMillis())) {
                set(socket, "WriteTimeout", limit.toMillis());
            }
            // That of reads is set anew with each request.
            return new TomcatWaits(innermost, () -> set(socket, "WriteTimeout", before));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the connector's own limits hold: {0}", e.toString());
            return new TomcatWaits(innermost, () -> {});
        }
    }

    /**
     * Ends a read of this request that waits on another thread, and all later ones; the response can still be written, if
     * Tomcat closes the connection behind it. Where that cannot be done, the read waits on.
     *
     * @return false if the request is none of Tomcat's, or has no connection of its own
     */
    public boolean stopReading() {
        if (!TomcatObjects.hasConnection(innermost)) {
            return false;
        }
        try {
            Object connection = TomcatObjects.channel(innermost);
            if (connection instanceof SocketChannel nio) {
                nio.shutdownInput();
            } else if (connection instanceof AsynchronousSocketChannel nio2) {
                nio2.shutdownInput();
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a read goes on to wait: {0}", e.toString());
        }
        return true;
    }

    /**
     * True if the connection is that of a front server which speaks AJP. Tomcat has asked it for content where a read waits, and
     * has to read that before it can end an answer: to stop reading is to lose the connection.
     */
    public boolean isOverAjp() {
        return TomcatObjects.isTomcats(innermost)
                && innermost.getServletConnection().getProtocol().equals("ajp");
    }

    /** The read that {@link #stopReading}, or an interrupt, has ended is over: the response becomes what it was before. */
    public void readingStopped() {
        if (!TomcatObjects.isTomcats(innermost)) {
            return;
        }
        try {
            TomcatObjects.forgetReadFailure(innermost);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Tomcat answers a read that was ended: {0}", e.toString());
        }
    }

    private static boolean isLonger(long millis, long limit) {
        return millis <= 0 || millis > limit;
    }

    private static long get(Object socket, String name) throws ReflectiveOperationException {
        return (long) socket.getClass().getMethod("get" + name).invoke(socket);
    }

    private static void set(Object socket, String name, long millis) {
        try {
            socket.getClass().getMethod("set" + name, long.class).invoke(socket, millis);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets back what was lowered. */
    public void restore() {
        restore.run();
    }
}
