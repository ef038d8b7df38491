// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** One of each kind of answer that the example gives, all but {@code /demo/report} the same each time. */
enum ExampleResource {
    /** A file of the WAR, by the container's default servlet. */
    STATIC_BINARY("static/bytes-200000.bin", "application/octet-stream"),
    STATIC_TEXT("static/lines.txt", "text/plain"),
    STATIC_PAGE("static/page.html", "text/html"),
    STATIC_STYLE("static/style.css", "text/css"),
    STATIC_DRAWING("static/logo.svg", "image/svg+xml"),
    STATIC_IMAGE("static/gradient.png", "image/png"),
    /** The page that links the others. */
    ROOT("", "text/html"),
    /** A file of the directory, by FileServlet. */
    FILE("files/file.bin", "application/octet-stream"),
    /** A file whose name must be coded in a URI. */
    FILE_CODED("files/two%20words.txt", "text/plain"),
    /** A listing, which is generated and has a tag of its bytes. */
    LISTING("files/", "text/html;charset=utf-8"),
    /** Written after a flush, without length, tag and date; small enough for the heap. */
    BYTES("demo/bytes/100000", "application/octet-stream"),
    /** The same, long enough for a temporary file. */
    MANY_BYTES("demo/bytes/600011", "application/octet-stream"),
    /** From another thread. */
    ASYNC("demo/async/100000", "application/octet-stream"),
    MANY_ASYNC("demo/async/600011", "application/octet-stream"),
    /** By a writer, in UTF-8. */
    TEXT("demo/text", "text/plain;charset=utf-8");

    private static final int FILE_LENGTH = 300_007;

    private final String path;
    private final String contentType;

    ExampleResource(String path, String contentType) {
        this.path = path;
        this.contentType = contentType;
    }

    /** Makes the files that {@link #FILE} and its like name. */
    static void writeFiles(Path directory) throws IOException {
        ExampleWar.writePattern(directory.resolve("file.bin"), FILE_LENGTH);
        ExampleWar.writePattern(directory.resolve("two words.txt"), 1_000);
        ExampleWar.writePattern(directory.resolve("empty.bin"), 0);
    }

    /** Gives the path below the context path and its slash. */
    String path() {
        return path;
    }

    /** Gives the media type, in lower case and without white space; some containers add a charset to text. */
    String contentType() {
        return contentType;
    }

    /** Tells whether it is a file, which has a time of modification; all else is of no known age. */
    boolean isFile() {
        return path.startsWith("static/") || path.startsWith("files/f") || path.startsWith("files/t") || this == ROOT;
    }

    /** Checks the bytes of a 200 against what the test knows of them without asking the server. */
    boolean hasContent(byte[] body) throws IOException {
        return switch (this) {
            case STATIC_BINARY, STATIC_TEXT, STATIC_PAGE, STATIC_STYLE, STATIC_DRAWING, STATIC_IMAGE ->
                Arrays.equals(body, ExampleWar.entry(path));
            case ROOT -> Arrays.equals(body, ExampleWar.entry("index.html"));
            case LISTING -> new String(body, StandardCharsets.UTF_8).contains("two words.txt");
            case TEXT -> new String(body, StandardCharsets.UTF_8).endsWith("日本語の行, 🚀🎵, plain words again\n");
            case FILE -> isPattern(body, FILE_LENGTH);
            case FILE_CODED -> isPattern(body, 1_000);
            case BYTES, ASYNC -> isPattern(body, 100_000);
            case MANY_BYTES, MANY_ASYNC -> isPattern(body, 600_011);
        };
    }

    private static boolean isPattern(byte[] body, int length) {
        return Arrays.equals(body, Bytes.pattern(length));
    }
}
