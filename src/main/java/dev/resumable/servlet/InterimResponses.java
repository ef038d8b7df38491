// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends interim responses (RFC 9110 §15.2) where the container has a way for it; Servlet 6.0 has none.
 *
 * <p>Jetty takes {@code sendError} with 102 and 103 for that. Tomcat has {@code sendEarlyHints}, which comes into the API with
 * Servlet 6.2, from 10.1.33 and 11.0.1 on. Both send all fields that the response has at that time. Wrappers would take
 * {@code sendError} for an error, and do not know the other; so the container's own object is called.
 */
public final class InterimResponses {

    private static final int PROCESSING = 102;
    private static final int EARLY_HINTS = 103;

    /** The container's own call. */
    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }

    private InterimResponses() {}

    /**
     * Sends one, and leaves the response as it was; does nothing where that is not possible.
     *
     * @param fields values in order, by names that are all different
     * @throws IOException if the client's side has failed
     */
    public static void send(HttpServletResponse response, int status, Map<String, List<String>> fields)
            throws IOException {
        if (!(innermost(response) instanceof HttpServletResponse own) || own.isCommitted()) {
            return;
        }
        Optional<Sending> sending = sending(own, status);
        if (sending.isEmpty()) {
            return;
        }
        Map<String, List<String>> before = new LinkedHashMap<>();
        fields.keySet().forEach(name -> before.put(name, new ArrayList<>(own.getHeaders(name))));
        fields.forEach((name, values) -> values.forEach(value -> own.addHeader(name, value)));
        try {
            sending.get().run();
        } finally {
            restore(own, before);
        }
    }

    private static Optional<Sending> sending(HttpServletResponse own, int status) {
        return switch (Container.of(own)) {
            case JETTY ->
                status == PROCESSING || status == EARLY_HINTS
                        ? Optional.of(() -> own.sendError(status))
                        : Optional.empty();
            case TOMCAT -> status == EARLY_HINTS ? earlyHints(own) : Optional.empty();
            case UNDERTOW, OTHER -> Optional.empty();
        };
    }

    private static Optional<Sending> earlyHints(HttpServletResponse own) {
        try {
            Method call = own.getClass().getMethod("sendEarlyHints");
            return Optional.of(() -> invoke(call, own));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private static void invoke(Method call, HttpServletResponse own) throws IOException {
        try {
            call.invoke(own);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static ServletResponse innermost(ServletResponse response) {
        ServletResponse innermost = response;
        while (innermost instanceof ServletResponseWrapper wrapper) {
            innermost = wrapper.getResponse();
        }
        return innermost;
    }

    private static void restore(HttpServletResponse own, Map<String, List<String>> before) {
        before.keySet().forEach(name -> own.setHeader(name, null));
        if (before.keySet().stream().anyMatch(own::containsHeader)) {
            // Tomcat 10.1 does not remove single fields.
            before.putAll(resetOthers(own, before));
        }
        before.forEach((name, values) -> values.forEach(value -> own.addHeader(name, value)));
    }

    /** Removes all fields, and gives those that are to be there again. */
    private static Map<String, List<String>> resetOthers(HttpServletResponse own, Map<String, List<String>> except) {
        Map<String, List<String>> others = new LinkedHashMap<>();
        own.getHeaderNames().forEach(name -> {
            if (except.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                others.put(name, new ArrayList<>(own.getHeaders(name)));
            }
        });
        int status = own.getStatus();
        String type = own.getContentType();
        own.reset();
        own.setStatus(status);
        if (type != null) {
            own.setContentType(type);
        }
        return others;
    }
}
