// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * {@code /demo/bytes/{n}}: n bytes of {@link ByteSequence}, as a careless application sends them.
 *
 * <p>No length, no entity-tag, no date, and a flush before the first byte: nothing that a range could be cut from
 * without help. A path without a number is answered 404, one that is not a number 400.
 */
public class BytesServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo() == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "Say how many bytes: .../{n}");
            return;
        }
        OptionalLong count = ByteSequence.count(request.getPathInfo());
        if (count.isEmpty()) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST, "The number of bytes is 1 to 18 digits");
            return;
        }
        response.setContentType("application/octet-stream");
        send(count.getAsLong(), request, response);
    }

    /** Sends the bytes on the thread of the request. */
    void send(long count, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.flushBuffer();
        ByteSequence.write(count, response.getOutputStream());
    }
}
