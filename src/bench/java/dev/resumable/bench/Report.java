// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page with all results. */
final class Report {

    private static final String INTRODUCTION = """
            # Benchmarks

            Written by `./mvnw -Pbench`, which takes some 30 minutes on a machine that does nothing else. Do not edit; run it again.
            `-Dbench.quick` runs everything once within three minutes and writes to `target/benchmarks.md`: it shows that the benchmarks work, and
            no figure of it means anything.

            """;

    private static final String NOTES = """

            How to read the tables:

            - Every contestant is a process of its own with the same flags; servers that wait use no time. They have their turns one after the
              other, round after round. A ratio compares two turns of the same round, to the row *own*: the container without any filter.
            - The clients run on the same machine and take a part of its processor. So rates tell less than the processor time of the
              server, which is read from `/proc` (10 ms steps).
            - Everything is on the loopback interface and, but for uploads, in the page cache: disks and networks are not measured.
            - Each answer is checked for status and length. A contestant that answers something else is not measured; the table says what it
              did.
            - nginx, Go and @tus/server take part where they are installed; a heap in a title is not theirs. They appear under each container, since they had their turns there.
              nginx has `sendfile` but not `tcp_nopush`, which on the loopback interface delays the end of each range by 40 ms, and no
              `open_file_cache`.
            - RangeServletFilter is the only filter here, and so answers for files itself. Beside a filter that it does not know it is as with
              `static-files=chain`: the container's default servlet runs, and what it writes is compared with the file.
            - Proxies are compared with a program that copies bytes from socket to socket and knows no HTTP; all stand in front of the same
              server, which sends by `sendfile`. nginx has its default buffers, but no files for what does not fit into them.
            - Before its first turn with small answers each contestant has answered 120,000 such requests, and 2,400 of a MiB: on Undertow
              the cost of a request settles after some 100,000. On Tomcat a connection may carry any number of requests for all contestants.
            - RangeServletFilter has its defaults, but for `sendfile-after=0s`: the files here are younger than the ten minutes for which
              a file is not given to Tomcat's sendfile.
            - A file that has just been written is not digested in the background; so the cold file's first byte has no digest beside it.
            - Slow readers have one turn for each contestant, one after the other. What was answered by then with 200, and is not over, is counted.
            - Garbage and peak heap are of Java programs alone, read from their own counters.
            - Spring's filter keeps whole responses in the heap; it does not take part where these are larger than that.
            - Uploads do go to the disk, and are compared with `cat` and `sync` on the same one, which take the bytes from the same client.
              UploadServlet hashes each part and the whole, and forces all to the disk before it answers; tus-java-server and @tus/server do neither.
            - Peak RSS includes files that a server maps, which are memory of the page cache and not lost to others.

            """;

    private Report() {}

    /** @param only the titles of the benchmarks that were chosen; empty for all */
    static void write(Path file, Environment environment, String only, List<ResultTable> tables) throws IOException {
        String lines = environment.lines().stream().collect(Collectors.joining("\n- ", "- ", "\n"));
        String results = tables.stream().map(ResultTable::toMarkdown).collect(Collectors.joining());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, (INTRODUCTION + chosen(only) + lines + NOTES + results).stripTrailing() + "\n");
    }

    private static String chosen(String only) {
        return only.isEmpty()
                ? ""
                : "Of this run are only the benchmarks whose titles begin with: " + only.replace(",", ", ")
                        + ". The others were not measured.\n\n";
    }
}
