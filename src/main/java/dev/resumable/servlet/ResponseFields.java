// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Takes fields back from an uncommitted response, which the Servlet API has no call for before 6.1.
 *
 * <p>Containers differ in what {@code null} does: some remove, some ignore it. Where a field stays, the response is reset
 * and all other fields are put back.
 */
public final class ResponseFields {

    private ResponseFields() {}

    /** Removes the fields, whose names are in their usual case; status and all other fields stay as they are. */
    public static void withdraw(HttpServletResponse response, List<String> names) {
        for (String name : names) {
            if (name.equals("Content-Type")) {
                response.setContentType(null);
            } else if (response.containsHeader(name)) {
                response.setHeader(name, null);
            }
        }
        for (String name : names) {
            if (isPresent(response, name)) {
                resetWithout(response, names);
                return;
            }
        }
    }

    private static boolean isPresent(HttpServletResponse response, String name) {
        return name.equals("Content-Type") ? response.getContentType() != null : response.containsHeader(name);
    }

    private static void resetWithout(HttpServletResponse response, List<String> names) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            if (names.stream().noneMatch(name::equalsIgnoreCase)) {
                kept.put(name, new ArrayList<>(response.getHeaders(name)));
            }
        }
        int status = response.getStatus();
        Locale locale = response.getLocale();
        String type = response.getContentType();
        String charset = response.getCharacterEncoding();
        response.reset();
        response.setStatus(status);
        // In this order: each may change the next. What is a default is not set, or it would be sent.
        if (!names.contains("Content-Language") && !Objects.equals(locale, response.getLocale())) {
            response.setLocale(locale);
        }
        if (!names.contains("Content-Type")) {
            if (type != null) {
                response.setContentType(type);
            }
            if (!Objects.equals(charset, response.getCharacterEncoding())) {
                response.setCharacterEncoding(charset);
            }
        }
        kept.forEach((name, values) -> {
            // What survives a reset (a session cookie, say) must not be there twice.
            Collection<String> survived = response.getHeaders(name);
            values.stream()
                    .filter(value -> !survived.contains(value))
                    .forEach(value -> response.addHeader(name, value));
        });
    }
}
