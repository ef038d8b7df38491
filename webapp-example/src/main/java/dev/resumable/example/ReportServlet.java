// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * {@code /demo/report}: a zip of about 1 MB that is made anew for each request.
 *
 * <p>Its figures and the times of its entries differ each time, so two answers never have the same bytes: the hardest
 * case of a download that has to be resumed.
 */
public class ReportServlet extends HttpServlet {
    private static final int ROWS = 40_000;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/zip");
        response.setHeader("Content-Disposition", "attachment; filename=\"report.zip\"");
        Instant now = Instant.now();
        try (ZipOutputStream zip = new ZipOutputStream(response.getOutputStream(), StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry("about.txt"));
            zip.write(("Made at " + now + "\n").getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("figures.csv"));
            writeFigures(new SplittableRandom(now.toEpochMilli() ^ System.nanoTime()), zip);
        }
    }

    private static void writeFigures(SplittableRandom random, OutputStream out) throws IOException {
        out.write("row,figure\n".getBytes(StandardCharsets.UTF_8));
        for (int row = 0; row < ROWS; row++) {
            String line = row + "," + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()) + "\n";
            out.write(line.getBytes(StandardCharsets.UTF_8));
        }
    }
}
