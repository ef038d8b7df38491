// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * How long a head the container can send over HTTP/1.
 *
 * <p>Tomcat closes the connection on a longer one, Jetty makes a 500 of it; both too late to answer otherwise. So the limit that
 * the connector is set to is asked for, by reflection. Where that cannot be done there is none, as on Undertow.
 */
public final class HeadLimit {

    private static final Logger LOG = System.getLogger(HeadLimit.class.getName());

    /** No container has less unless it is told to; below it nothing is asked. */
    private static final int ALWAYS_FITS = 4 * 1024;

    /** For the status line and what the container adds itself, such as Date and Connection. */
    private static final int ADDED = 256;

    private HeadLimit() {}

    /**
     * True if the fields that the response has make a head that the container cannot send.
     *
     * @param more bytes that are still to come to the head
     */
    public static boolean isExceeded(HttpServletRequest request, HttpServletResponse response, int more) {
        long size = size(response) + more + ADDED;
        return size > ALWAYS_FITS && request.getProtocol().startsWith("HTTP/1") && size > limit(response);
    }

    private static long size(HttpServletResponse response) {
        return response.getHeaderNames().stream()
                .distinct()
                .flatMap(name -> response.getHeaders(name).stream()
                        .map(value -> (long) name.length() + value.length() + ": \r\n".length()))
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long limit(HttpServletResponse response) {
        try {
            return switch (Container.of(response)) {
                case JETTY -> ofJetty(Container.innermost(response));
                case TOMCAT -> TomcatObjects.maxResponseHead(Container.innermost(response));
                case UNDERTOW, OTHER -> Long.MAX_VALUE;
            };
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "how long a head may be is not known: {0}", e.toString());
            return Long.MAX_VALUE;
        }
    }

    private static long ofJetty(Object response) throws ReflectiveOperationException {
        JettyWay settings = JettyWay.toConnection(response.getClass())
                .step("getHttpConfiguration", "org.eclipse.jetty.server.HttpConfiguration");
        long first = (int) settings.step("getResponseHeaderSize", int.class).follow(response);
        try {
            long most =
                    (int) settings.step("getMaxResponseHeaderSize", int.class).follow(response);
            // Where it is set it is the limit, also below the size of the first buffer.
            return most < 0 ? first : most;
        } catch (NoSuchMethodException e) {
            // Before 12.0.17 there is one size.
            return first;
        }
    }
}
