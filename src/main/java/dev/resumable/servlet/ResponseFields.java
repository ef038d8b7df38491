// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes fields back from an uncommitted response, which the Servlet API has no call for before 6.1.
 *
 * <p>Containers differ in what {@code null} does: some remove, some ignore it. Where a field stays, the response is reset
 * and all other fields are put back.
 */
final class ResponseFields {

    private ResponseFields() {}

    /** Removes the fields; status and all other fields stay as they are. */
    static void withdraw(HttpServletResponse response, List<String> names) {
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
        response.reset();
        response.setStatus(status);
        kept.forEach((name, values) -> {
            // What survives a reset (a session cookie, say) must not be there twice.
            Collection<String> survived = response.getHeaders(name);
            values.stream()
                    .filter(value -> !survived.contains(value))
                    .forEach(value -> response.addHeader(name, value));
        });
    }
}
