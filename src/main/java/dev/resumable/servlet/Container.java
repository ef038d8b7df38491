// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The container that a response belongs to, told by the class of its own object: for the few things that the Servlet API
 * leaves open and containers do differently.
 */
public enum Container {
    /** Jetty, any environment. */
    JETTY,
    /** Undertow, also inside WildFly. */
    UNDERTOW,
    /** Tomcat, also inside others that have its classes. */
    TOMCAT,
    /** Any other. */
    OTHER;

    private static final Logger LOG = System.getLogger(Container.class.getName());

    /** The container of this response. */
    public static Container of(ServletResponse response) {
        return ofClass(innermost(response).getClass());
    }

    /** The container whose own stream this is; {@link #OTHER} also for a stream that a filter has put around it. */
    public static Container of(ServletOutputStream stream) {
        return ofClass(stream.getClass());
    }

    private static Container ofClass(Class<?> type) {
        String name = type.getName();
        if (name.startsWith("org.eclipse.jetty.")) {
            return JETTY;
        }
        if (name.startsWith("io.undertow.")) {
            return UNDERTOW;
        }
        return name.startsWith("org.apache.catalina.") ? TOMCAT : OTHER;
    }

    static ServletResponse innermost(ServletResponse response) {
        ServletResponse innermost = response;
        while (innermost instanceof ServletResponseWrapper wrapper) {
            innermost = wrapper.getResponse();
        }
        return innermost;
    }

    /** Closes a wrapper as containers do at the end of a forward, so that it gives away what it holds. */
    public static void closeAfterForward(ServletResponse wrapper) throws IOException {
        // Of a wrapper that minds, they ask for the one or the other output first.
        boolean streamFirst = of(wrapper) == JETTY;
        try {
            (streamFirst ? wrapper.getOutputStream() : wrapper.getWriter()).close();
        } catch (IllegalStateException e) {
            (streamFirst ? wrapper.getWriter() : wrapper.getOutputStream()).close();
        }
    }

    /**
     * As {@link #breakOff}, outside of any pass, where an exception alone is not enough for Jetty either.
     *
     * @throws IOException if the connection is broken already
     */
    public static void breakOffOutside(ServletResponse response) throws IOException {
        breakOff(response);
        ServletResponse innermost = innermost(response);
        if (of(innermost) == JETTY && innermost.isCommitted() && innermost instanceof HttpServletResponse jetty) {
            // Its own way to say: abort.
            jetty.sendError(-1);
        }
    }

    /** One container calls a response committed that is complete in its buffer, and would send its head with an error. */
    public static void flush(ServletResponse response) {
        try {
            response.flushBuffer();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a failed response could not be sent: {0}", e.toString());
        }
    }

    /**
     * Ends an async exchange whose body must not look complete, on any thread; not for Tomcat, which must be thrown an
     * exception on a thread of its own.
     */
    public static void breakOff(ServletResponse response, AsyncContext context) {
        try {
            breakOffOutside(response);
            context.complete();
        } catch (IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "a broken exchange was over already: {0}", e.toString());
        }
    }

    /**
     * Makes sure that a committed response which fails does not look complete; the caller goes on to throw.
     *
     * <p>An exception is enough for other containers. Undertow ends a chunked body as if it were whole, and the Servlet API
     * has no call to abort; so its connection is closed, by reflection.
     */
    public static void breakOff(ServletResponse response) {
        ServletResponse innermost = innermost(response);
        if (of(innermost) != UNDERTOW || !innermost.isCommitted()) {
            return;
        }
        try {
            if (undertowConnection(innermost) instanceof Closeable connection) {
                connection.close();
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            // Also what it throws of itself: the connection of one that was upgraded to HTTP/2 has no channel to close.
            LOG.log(Level.WARNING, "a failed response could not be broken off", e);
        }
    }

    static Object undertowConnection(ServletResponse innermost) throws ReflectiveOperationException {
        Object exchange = innermost.getClass().getMethod("getExchange").invoke(innermost);
        return exchange.getClass().getMethod("getConnection").invoke(exchange);
    }
}
