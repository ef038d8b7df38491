// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What an application says of a body of its own. */
final class Promise {

    static final int LENGTH = 100_000;
    static final String DATE = "Sat, 01 Jan 2022 00:00:00 GMT";

    private Promise() {}

    /** Sets the fields that the query names. */
    static void describe(HttpServletRequest request, HttpServletResponse response) {
        String query = String.valueOf(request.getQueryString());
        if (query.contains("store")) {
            response.setHeader("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
        }
        if (query.contains("weak")) {
            response.setHeader("ETag", "W/\"own\"");
        }
        if (query.contains("strong")) {
            response.setHeader("ETag", "\"own\"");
        }
        if (query.contains("date")) {
            response.setHeader("Last-Modified", DATE);
        }
        if (!query.contains("silent")) {
            response.setHeader("Accept-Ranges", query.contains("none") ? "none" : "bytes");
        }
        if (!query.contains("endless")) {
            response.setContentLength(LENGTH);
        }
        if (query.contains("text")) {
            response.setContentType("text/plain");
        }
    }
}
