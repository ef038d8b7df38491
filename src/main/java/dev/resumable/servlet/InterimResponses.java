// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
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
    /** Of all its fields; half of what the containers' buffers for heads hold. */
    private static final int MOST_CHARACTERS = 4 * 1024;

    /** The container's own call. */
    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }

    private InterimResponses() {}

    /**
     * Sends one, and leaves the response as it was; does nothing where that is not possible.
     *
     * <p>A container that cannot send a head that long may give up the whole exchange, so one of more than 4 KiB is dropped,
     * with the fields that the response has already. So is one behind a Content-Length, which must not be in it (RFC 9110
     * §8.6), and which Tomcat does not give back.
     *
     * @param fields values in order, by names that are all different; none that the container sets itself, such as Date
     * @throws IOException if the client's side has failed
     */
    public static void send(HttpServletResponse response, int status, Map<String, List<String>> fields)
            throws IOException {
        if (!(Container.innermost(response) instanceof HttpServletResponse own)
                || own.isCommitted()
                || own.containsHeader("Content-Length")) {
            return;
        }
        Optional<Sending> sending = sending(own, status);
        if (sending.isEmpty() || size(own, fields) > MOST_CHARACTERS) {
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

    private static long size(HttpServletResponse own, Map<String, List<String>> fields) {
        long already = own.getHeaderNames().stream()
                .distinct()
                .mapToLong(name -> size(name, own.getHeaders(name)))
                .sum();
        return already
                + fields.entrySet().stream()
                        .mapToLong(field -> size(field.getKey(), field.getValue()))
                        .sum();
    }

    private static long size(String name, Collection<String> values) {
        return values.stream()
                .mapToLong(value -> name.length() + value.length() + ": \r\n".length())
                .sum();
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

    private static void restore(HttpServletResponse own, Map<String, List<String>> before) {
        ResponseFields.withdraw(own, List.copyOf(before.keySet()));
        before.forEach((name, values) -> values.forEach(value -> own.addHeader(name, value)));
    }
}
