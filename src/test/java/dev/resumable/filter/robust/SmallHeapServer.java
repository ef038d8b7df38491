// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The program of a process with a small heap: one container with huge generated bodies, until its standard input ends.
 *
 * <p>{@code /body?length=N} writes the pattern; with {@code declared=M} it declares that length, with {@code tag} a strong
 * tag of its own, with {@code text} a type that is compressed. {@code /heap} gives the bytes in use after a collection. Prints its port.
 */
final class SmallHeapServer {

    private SmallHeapServer() {}

    /** Takes the container and the directory of the spools. */
    public static void main(String[] arguments) throws IOException {
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(Path.of(arguments[1])))
                .compress(CompressPolicy.ON)
                .build();
        try (EmbeddedContainer container = ContainerKind.valueOf(arguments[0])
                .start(FilteredApp.with(config)
                        .servlet("/body", SmallHeapServer::body)
                        .servlet(
                                "/heap",
                                (request, response) -> response.getWriter().print(usedHeap()))
                        .app())) {
            System.out.println("port " + container.port());
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
        System.exit(0);
    }

    private static void body(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getParameter("declared") != null) {
            response.setContentLengthLong(Long.parseLong(request.getParameter("declared")));
        }
        if (request.getParameter("tag") != null) {
            response.setHeader("ETag", "\"own\"");
        }
        if (request.getParameter("text") != null) {
            response.setContentType("text/plain");
        }
        byte[] block = new byte[251 << 8];
        long length = Long.parseLong(request.getParameter("length"));
        // A whole number of periods of the pattern: the same bytes again and again.
        System.arraycopy(Bytes.pattern(block.length), 0, block, 0, block.length);
        for (long left = length; left > 0; left -= block.length) {
            response.getOutputStream().write(block, 0, (int) Math.min(left, block.length));
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
