// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;

/**
 * Makes the end of a connection a reset where an ordinary one would make a broken response look whole.
 *
 * <p>To a client of HTTP/1.0, and in some containers to one that wants the connection closed, a response without a length ends with its
 * connection (RFC 9112 §8). The Servlet API has no call for
 * a reset; so the option of the socket is set, by reflection, and the container closes it as ever. Where that cannot be done,
 * the end is an ordinary one. Over TLS it stays one: the containers say goodbye before they close.
 */
public final class ResetOnClose {

    private static final Logger LOG = System.getLogger(ResetOnClose.class.getName());

    private ResetOnClose() {}

    /** To be called before a committed response is broken off; does nothing where the framing shows that. */
    public static void arm(HttpServletRequest request, HttpServletResponse response) {
        ServletResponse innermost = Container.innermost(response);
        try {
            if (!endsWithConnection(request, innermost)) {
                return;
            }
            switch (Container.of(innermost)) {
                case JETTY -> arm(transport(innermost));
                case TOMCAT -> arm(TomcatObjects.channel(TomcatObjects.innermost(request)));
                case UNDERTOW -> armUndertow(Container.undertowConnection(innermost));
                case OTHER -> {
                    // Nothing is known of it.
                }
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection ends in the ordinary way: {0}", e.toString());
        }
    }

    /** What filters in front hold back is not sent: the container's own response tells. */
    private static boolean endsWithConnection(HttpServletRequest request, ServletResponse innermost) {
        if (!(innermost instanceof HttpServletResponse http)
                || !http.isCommitted()
                || http.containsHeader("Content-Length")) {
            return false;
        }
        return switch (request.getProtocol()) {
            case "HTTP/1.0" -> true;
            // Jetty and Undertow leave chunks off where nothing will follow on the connection.
            case "HTTP/1.1" ->
                closes(Collections.list(request.getHeaders("Connection"))) || closes(http.getHeaders("Connection"));
            default -> false;
        };
    }

    private static boolean closes(Collection<String> connection) {
        return connection.stream()
                .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("close"));
    }

    private static void arm(Object channel) throws IOException {
        if (channel instanceof SocketChannel socket) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    private static Object transport(Object response) throws ReflectiveOperationException {
        return JettyWay.toConnection(response.getClass())
                .step("getConnection", "org.eclipse.jetty.io.Connection")
                .step("getEndPoint", "org.eclipse.jetty.io.EndPoint")
                .step("getTransport", Object.class)
                .follow(response);
    }

    private static void armUndertow(Object connection) throws ReflectiveOperationException {
        ClassLoader loader = connection.getClass().getClassLoader();
        Class<?> option = Class.forName("org.xnio.Option", false, loader);
        Object abort = Class.forName("org.xnio.Options", true, loader)
                .getField("CLOSE_ABORT")
                .get(null);
        connection.getClass().getMethod("setOption", option, Object.class).invoke(connection, abort, Boolean.TRUE);
    }
}
