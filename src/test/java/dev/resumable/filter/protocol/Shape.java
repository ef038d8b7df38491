// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The ways in which one and the same representation gets to the filter, which must answer alike for all of them.
 *
 * <p>It is the pattern of {@link Bytes}, last modified at {@link #LAST_MODIFIED}.
 */
enum Shape {
    /** A plain file, which the filter answers itself. */
    FILE("/shape.bin"),
    /** The same file, sent by the container's default servlet after a forward. */
    FORWARDED("/shape/forwarded"),
    /** Written without length and tag, with a date. */
    GENERATED("/shape/generated"),
    /** With length, tag and date of the application's own. */
    DECLARED("/shape/declared"),
    /** With tag and date of the application's own, of unknown length. */
    TAGGED("/shape/tagged"),
    /** As {@link #GENERATED}, by another thread. */
    ASYNC("/shape/async");

    /** Sat, 01 Jan 2022 00:00:00 GMT. */
    static final Instant LAST_MODIFIED = Instant.parse("2022-01-01T00:00:00Z");

    private final String path;

    Shape(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Adds all shapes of a representation of this length to an application with a document root. */
    static WebApp addAll(FilteredApp app, Path root, int length) {
        writeFile(root, length);
        return app.servlet(
                        FORWARDED.path,
                        (request, response) ->
                                request.getRequestDispatcher(FILE.path).forward(request, response))
                .servlet(GENERATED.path, (request, response) -> write(response, length))
                .servlet(DECLARED.path, (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLengthLong(length);
                    write(response, length);
                })
                .servlet(TAGGED.path, (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    write(response, length);
                })
                .servlet(ASYNC.path, (request, response) -> Async.run(request, later -> write(later, length)))
                .app()
                .documentRoot(root);
    }

    private static void writeFile(Path root, int length) {
        try {
            Path file = Bytes.write(root.resolve("shape.bin"), length);
            Files.setLastModifiedTime(file, FileTime.from(LAST_MODIFIED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(HttpServletResponse response, int length) throws IOException {
        response.setContentType("application/octet-stream");
        response.setDateHeader("Last-Modified", LAST_MODIFIED.toEpochMilli());
        try (var in = Bytes.stream(0, length)) {
            in.transferTo(response.getOutputStream());
        }
    }
}
