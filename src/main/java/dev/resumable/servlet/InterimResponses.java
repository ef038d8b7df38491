// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends interim responses (RFC 9110 §15.2) where the container has a way for it; Servlet 6.0 has none.
 *
 * <p>{@link JettyConnection} tells of Jetty's way. Tomcat has {@code sendEarlyHints}, which comes into the API with Servlet
 * 6.2, from 10.1.33 and 11.0.1 on; it sends all fields that the response has at that time. Wrappers do not know that call; so
 * the container's own object is called.
 */
public final class InterimResponses {

    private static final int EARLY_HINTS = 103;
    /** Of all its fields; half of what the containers' buffers for heads hold. */
    private static final int MOST_CHARACTERS = 4 * 1024;

    private InterimResponses() {}

    /**
     * Sends one, and leaves the response as it was; does nothing where that is not possible.
     *
     * <p>One of more than 4 KiB is dropped: a container that cannot send a head that long may give up the whole exchange. In
     * Tomcat that counts what the response has already; and behind a Content-Length, which must not be in it (RFC 9110 §8.6) and
     * which Tomcat does not give back, none is sent.
     *
     * @param fields values in order, by names that are all different; none that the container sets itself, such as Date
     * @throws IOException if the client's side has failed
     */
    public static void send(HttpServletResponse response, int status, Map<String, List<String>> fields)
            throws IOException {
        if (!(Container.innermost(response) instanceof HttpServletResponse own) || own.isCommitted()) {
            return;
        }
        switch (Container.of(own)) {
            case JETTY -> {
                if (size(fields) <= MOST_CHARACTERS) {
                    await(JettyConnection.interim(own, status, fields));
                }
            }
            case TOMCAT -> {
                if (status == EARLY_HINTS
                        && !own.containsHeader("Content-Length")
                        && size(own) + size(fields) <= MOST_CHARACTERS) {
                    sendByTomcat(own, fields);
                }
            }
            case UNDERTOW, OTHER -> {
                // They have no way.
            }
        }
    }

    /** What follows must not be written before. */
    private static void await(Future<?> sent) throws IOException {
        try {
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client was not waited for any longer");
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException {
        if (failure instanceof IOException ofClient) {
            throw ofClient;
        }
        throw new IllegalStateException("the container could not send an interim response", failure);
    }

    private static void sendByTomcat(HttpServletResponse own, Map<String, List<String>> fields) throws IOException {
        Method call;
        try {
            call = own.getClass().getMethod("sendEarlyHints");
        } catch (NoSuchMethodException e) {
            return;
        }
        Map<String, List<String>> before = new LinkedHashMap<>();
        fields.keySet().forEach(name -> before.put(name, new ArrayList<>(own.getHeaders(name))));
        fields.forEach((name, values) -> values.forEach(value -> own.addHeader(name, value)));
        try {
            call.invoke(own);
        } catch (InvocationTargetException e) {
            rethrow(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } finally {
            restore(own, before);
        }
    }

    private static long size(HttpServletResponse own) {
        return own.getHeaderNames().stream()
                .distinct()
                .mapToLong(name -> size(name, own.getHeaders(name)))
                .sum();
    }

    private static long size(Map<String, List<String>> fields) {
        return fields.entrySet().stream()
                .mapToLong(field -> size(field.getKey(), field.getValue()))
                .sum();
    }

    private static long size(String name, Collection<String> values) {
        return values.stream()
                .mapToLong(value -> name.length() + value.length() + ": \r\n".length())
                .sum();
    }

    private static void restore(HttpServletResponse own, Map<String, List<String>> before) {
        ResponseFields.withdraw(own, List.copyOf(before.keySet()));
        before.forEach((name, values) -> values.forEach(value -> own.addHeader(name, value)));
    }
}
