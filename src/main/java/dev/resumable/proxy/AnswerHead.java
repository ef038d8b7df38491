// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.servlet.InterimResponses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Writes the head of an answer into a servlet response. */
final class AnswerHead {

    /** Filters may have set some of these already; theirs hold too. */
    private static final Set<String> ADDED = Set.of("set-cookie", "vary", "link", "via", "server-timing", "allow");

    private AnswerHead() {}

    static void write(UpstreamResponse answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        Set<String> seen = new HashSet<>();
        for (FieldSection.Line line : answer.fields().lines()) {
            String name = line.name().toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                setContentType(line.value(), response);
            } else if (seen.add(name) && !ADDED.contains(name)) {
                // Also in place of the Date that some containers have set.
                response.setHeader(line.name(), line.value());
            } else {
                response.addHeader(line.name(), line.value());
            }
        }
        if (tellsLength(answer)) {
            response.setContentLengthLong(answer.length().getAsLong());
        }
    }

    /** Sends an interim response, where the container can; clients of HTTP/1.0 do not know them (RFC 9110 §15.2). */
    static int writeInterim(int status, FieldSection fields, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!request.getProtocol().equals("HTTP/1.0")) {
            Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            fields.lines().forEach(line -> byName.put(line.name(), fields.lines(line.name())));
            InterimResponses.send(response, status, byName);
        }
        return status;
    }

    /** Jetty's EE 11 adds a charset that it infers, others one that was set before; the server has sent none. */
    private static void setContentType(String type, HttpServletResponse response) {
        response.setContentType(type);
        if (!namesCharset(type) && namesCharset(String.valueOf(response.getContentType()))) {
            response.setCharacterEncoding((String) null);
        }
    }

    private static boolean namesCharset(String type) {
        return type.toLowerCase(Locale.ROOT).contains("charset=");
    }

    /** RFC 9110 §8.6: never in a 204; in a 304 it may be left out, and containers would wait for the content. */
    static boolean tellsLength(UpstreamResponse answer) {
        return answer.length().isPresent()
                && answer.status() != HttpServletResponse.SC_NO_CONTENT
                && answer.status() != HttpServletResponse.SC_NOT_MODIFIED;
    }

    /** Announces trailers, which {@code trailers} gives when the content has ended. */
    static void announce(List<String> names, Supplier<FieldSection> trailers, HttpServletResponse response) {
        if (!names.isEmpty()) {
            response.setHeader("Trailer", String.join(", ", names));
        }
        response.setTrailerFields(() -> {
            Map<String, String> fields = new LinkedHashMap<>();
            trailers.get()
                    .lines()
                    .forEach(line -> fields.merge(line.name(), line.value(), (one, two) -> one + ", " + two));
            return fields;
        });
    }
}
