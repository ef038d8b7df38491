// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a body of the length asked for without declaring it, in pieces of the size that copying loops have. */
final class GeneratingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final byte[] PIECE = new byte[8 << 10];

    static {
        for (int i = 0; i < PIECE.length; i++) {
            PIECE[i] = (byte) (i * 31);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        OutputStream out = response.getOutputStream();
        for (long left = Long.parseLong(request.getParameter("length")); left > 0; left -= PIECE.length) {
            out.write(PIECE, 0, (int) Math.min(left, PIECE.length));
        }
    }
}
