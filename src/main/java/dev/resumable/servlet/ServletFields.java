// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import dev.resumable.http.FieldLines;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The fields of a request as plain lists of field lines.
 *
 * <p>The typed getters of the Servlet API are never used on input: {@code getDateHeader} and {@code getIntHeader} throw on
 * what a client may freely send.
 */
public final class ServletFields implements FieldLines {

    private final HttpServletRequest request;

    /** Reads from this request, without copying it. */
    public ServletFields(HttpServletRequest request) {
        this.request = request;
    }

    /** All field lines of a name in the order received; empty if there are none. */
    @Override
    public List<String> lines(String fieldName) {
        // A container may answer null where it does not allow access to a field (Servlet 6.0, getHeaders).
        Enumeration<String> lines = request.getHeaders(fieldName);
        return lines == null || !lines.hasMoreElements() ? List.of() : Collections.list(lines);
    }
}
