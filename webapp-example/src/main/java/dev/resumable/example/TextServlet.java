// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * {@code /demo/text}: about 6 MB of UTF-8 text through {@code getWriter}, the same each time.
 *
 * <p>Each line has characters of one to four bytes, so most ranges begin or end inside of a character.
 */
public class TextServlet extends HttpServlet {
    private static final int LINES = 60_000;
    private static final String WORDS = "café, naïve Füße, Ελληνικά, русский, 日本語の行, 🚀🎵, plain words again";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        PrintWriter writer = response.getWriter();
        for (int line = 0; line < LINES; line++) {
            writer.print(line);
            writer.print(' ');
            writer.print(WORDS);
            writer.print('\n');
        }
    }
}
