// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers with a problem (RFC 9457): no trace, no address, no name. */
final class ProblemAnswer {

    private static final String RETRY_SECONDS = "5";

    private ProblemAnswer() {}

    /** Status and fields, which hold for any content. */
    static void prepare(HttpServletResponse response, ProxyProblem problem) {
        response.setStatus(problem.status());
        response.setHeader("Cache-Control", "no-store");
        switch (problem) {
            case OVERLOADED -> response.setHeader("Retry-After", RETRY_SECONDS);
            case METHOD_REFUSED -> response.setHeader("Allow", "GET, HEAD, OPTIONS");
            default -> {
                // Nothing more to say.
            }
        }
    }

    /** The content. */
    static void write(HttpServletRequest request, HttpServletResponse response, ProxyProblem problem)
            throws IOException {
        byte[] json = problem.json().getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/problem+json");
        response.setContentLengthLong(json.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(json);
        }
    }
}
