// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
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
    private static final String FACADE = "org.apache.catalina.connector.RequestFacade";

    private final Runnable restore;

    private TomcatWaits(Runnable restore) {
        this.restore = restore;
    }

    /** Lowers the limits for this request, if it is one of Tomcat's; zero is no limit. */
    public static TomcatWaits lower(ServletRequest request, Duration limit) {
        ServletRequest innermost = innermost(request);
        if (!innermost.getClass().getName().equals(FACADE)
                || request.getProtocol().startsWith("HTTP/2")
                || limit.isZero()) {
            return new TomcatWaits(() -> {});
        }
        try {
            Object socket = socket(innermost);
            lower(socket, "ReadTimeout", limit.toMillis());
            long before = lower(socket, "WriteTimeout", limit.toMillis());
            // That of reads is set anew with each request.
            return new TomcatWaits(() -> set(socket, "WriteTimeout", before));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the connector's own limits hold: {0}", e.toString());
            return new TomcatWaits(() -> {});
        }
    }

    private static ServletRequest innermost(ServletRequest request) {
        ServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        return innermost;
    }

    private static Object socket(Object facade) throws ReflectiveOperationException {
        Object request = value(facade, "request");
        Object ofConnection = request.getClass().getMethod("getCoyoteRequest").invoke(request);
        Object processor = value(ofConnection, "hook");
        return accessible(declaring(processor.getClass()).getDeclaredMethod("getSocketWrapper"))
                .invoke(processor);
    }

    private static Class<?> declaring(Class<?> processor) {
        Class<?> type = processor;
        while (!type.getName().equals("org.apache.coyote.AbstractProcessor") && type.getSuperclass() != null) {
            type = type.getSuperclass();
        }
        return type;
    }

    private static Object value(Object owner, String name) throws ReflectiveOperationException {
        Field field = accessible(owner.getClass().getDeclaredField(name));
        return field.get(owner);
    }

    private static <T extends AccessibleObject> T accessible(T member) {
        member.setAccessible(true);
        return member;
    }

    private static long lower(Object socket, String name, long limit) throws ReflectiveOperationException {
        Method getter = socket.getClass().getMethod("get" + name);
        long before = (long) getter.invoke(socket);
        if (before <= 0 || before > limit) {
            set(socket, name, limit);
        }
        return before;
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
