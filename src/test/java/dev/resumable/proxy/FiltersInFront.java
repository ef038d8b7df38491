// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.Locale;

/** Filters that a hint of the server's has to pass. */
final class FiltersInFront {

    private FiltersInFront() {}

    /** Stands in front with fields of its own, and takes sendError for what its name says. */
    static final Filter OWN_FIELDS = (request, response, chain) -> {
        HttpServletResponse http = (HttpServletResponse) response;
        http.setHeader("X-Filter", "f");
        http.addHeader("Link", "</filter>");
        chain.doFilter(request, new HttpServletResponseWrapper(http) {
            @Override
            public void sendError(int status) {
                throw new AssertionError("an error was sent: " + status);
            }
        });
    };

    /** Stands in front, and has described the content already. */
    static final Filter DESCRIBED = (request, response, chain) -> {
        response.setLocale(Locale.GERMANY);
        response.setContentType("text/x-front;charset=utf-8");
        chain.doFilter(request, response);
    };

    /** Knows the length before. */
    static final Filter SIZED = (request, response, chain) -> {
        response.setContentLength(2);
        chain.doFilter(request, response);
    };
}
