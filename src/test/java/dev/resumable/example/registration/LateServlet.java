// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.registration;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers from a thread of the container's, after {@code service()} has returned; 409 where that is not supported. */
@WebServlet(
        urlPatterns = {"/annotation/*", "/initializer/*", "/blocking/*", "/descriptor/*"},
        asyncSupported = true)
public final class LateServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The whole body of a late answer. */
    public static final String BODY = "written after service() had returned";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isAsyncSupported()) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return;
        }
        AsyncContext async = request.startAsync();
        async.start(() -> write(async));
    }

    private static void write(AsyncContext async) {
        try {
            async.getResponse().getWriter().write(BODY);
        } catch (IOException e) {
            async.getRequest().getServletContext().log("the answer could not be written", e);
        } finally {
            async.complete();
        }
    }
}
