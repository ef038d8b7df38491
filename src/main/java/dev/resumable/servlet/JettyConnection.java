// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes interim responses (RFC 9110 §15.2) to a connection of HTTP/1.1 in Jetty 12, whatever its environment; the Servlet API
 * has no call for them.
 *
 * <p>Implementation note: Jetty's own {@code writeInterim} writes fields with 103 alone, all other statuses without. So the bytes
 * go to the end point of the connection. Its classes are found through the response's, once for each class of responses;
 * where one of them is missing, nothing is ever written.
 */
public final class JettyConnection {

    private static final Logger LOG = System.getLogger(JettyConnection.class.getName());
    private static final String CORE = "org.eclipse.jetty.server.";
    private static final String IO = "org.eclipse.jetty.io.";

    /** Takes a servlet response and the bytes. */
    private static final ClassValue<Optional<MethodHandle>> WRITE = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            return write(type);
        }
    };

    private JettyConnection() {}

    /**
     * Writes the head of an interim response, if the container is Jetty; the caller has seen that the request is of HTTP/1.1, and
     * writes nothing to the response at the same time.
     *
     * @param head its status line and its fields, ASCII, with the empty line
     */
    public static void interim(ServletResponse response, String head) {
        ServletResponse innermost = Container.innermost(response);
        Optional<MethodHandle> write =
                Container.of(innermost) == Container.JETTY ? WRITE.get(innermost.getClass()) : Optional.empty();
        if (write.isEmpty() || innermost.isCommitted()) {
            return;
        }
        try {
            write.get().invoke(innermost, new ByteBuffer[] {ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII))});
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            // Whoever never gets one knows it only later.
            LOG.log(Level.DEBUG, "an interim response could not be sent: {0}", e.toString());
        }
    }

    private static Optional<MethodHandle> write(Class<?> response) {
        try {
            Way way = new Way(response);
            way.step("getResponse", CORE + "Response");
            way.step("getRequest", CORE + "Request");
            way.step("getConnectionMetaData", CORE + "ConnectionMetaData");
            way.step("getConnection", IO + "Connection");
            way.step("getEndPoint", IO + "EndPoint");
            Class<?> callback = way.type("org.eclipse.jetty.util.Callback");
            // The write goes on by itself, if the client does not take all at once.
            Object nobody = callback.getField("NOOP").get(null);
            MethodHandle write = MethodHandles.publicLookup()
                    .findVirtual(way.end, "write", MethodType.methodType(void.class, callback, ByteBuffer[].class));
            return Optional.of(MethodHandles.filterArguments(
                    MethodHandles.insertArguments(write, 1, nobody).asFixedArity(), 0, way.handle));
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.DEBUG, "this Jetty sends no interim responses: {0}", e.toString());
            return Optional.empty();
        }
    }

    /** From a response to what belongs to it, from getter to getter. */
    private static final class Way {
        private static final Lookup LOOKUP = MethodHandles.publicLookup();

        private MethodHandle handle;
        private Class<?> end;
        private final ClassLoader loader;

        Way(Class<?> start) {
            handle = MethodHandles.identity(start);
            end = start;
            loader = start.getClassLoader();
        }

        /** Jetty's loader, since a web application's own does not show the server's classes. */
        Class<?> type(String name) throws ClassNotFoundException {
            return Class.forName(name, false, loader);
        }

        void step(String getter, String type) throws ReflectiveOperationException {
            Class<?> next = type(type);
            handle = MethodHandles.filterReturnValue(
                    handle, LOOKUP.findVirtual(end, getter, MethodType.methodType(next)));
            end = next;
        }
    }
}
