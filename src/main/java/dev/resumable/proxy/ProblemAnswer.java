// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** Answers with a problem (RFC 9457): no trace, no address, no name. */
final class ProblemAnswer {

    private static final Logger LOG = System.getLogger(ProblemAnswer.class.getName());
    private static final String RETRY_SECONDS = "5";

    private ProblemAnswer() {}

    /**
     * All of it, by the error handler of the application; one that fails is made up for as long as nothing is sent.
     *
     * @throws IOException if the answer is broken
     */
    static void give(ProxyHooks hooks, HttpServletRequest request, HttpServletResponse response, ProxyProblem problem)
            throws IOException {
        prepare(response, problem);
        try {
            hooks.errorHandler().handle(request, response, problem);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "an error handler has failed", e);
            if (response.isCommitted()) {
                throw new IOException("the error handler failed", e);
            }
            response.reset();
            prepare(response, problem);
            write(request, response, problem);
        }
    }

    /** Status and fields, which hold for any content. */
    private static void prepare(HttpServletResponse response, ProxyProblem problem) {
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
