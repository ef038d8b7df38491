// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The status line and the field lines of one response, interim or final.
 *
 * @param version {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param status the status code, three digits
 * @param reason the reason phrase, may be empty
 * @param lines the field lines in the order of the wire
 * @param raw the whole head as text of one char per byte, the empty line included
 */
public record RawHead(String version, int status, String reason, List<FieldLine> lines, String raw) {

    /** Reads one head strictly; the connection must not end within it. */
    static RawHead read(WireInput in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        String statusLine = in.readLine(raw);
        List<FieldLine> lines = readLines(in, raw);
        if (!isStatusLine(statusLine)) {
            throw new AssertionError("malformed status line: " + Wire.quote(statusLine));
        }
        String reason = statusLine.length() > 13 ? statusLine.substring(13) : "";
        return new RawHead(
                statusLine.substring(0, 8),
                Integer.parseInt(statusLine.substring(9, 12)),
                reason,
                lines,
                raw.toString(StandardCharsets.ISO_8859_1));
    }

    /** Reads field lines up to and with the empty line; also the form of a trailer section. */
    static List<FieldLine> readLines(WireInput in, ByteArrayOutputStream raw) throws IOException {
        List<FieldLine> lines = new ArrayList<>();
        for (String line = in.readLine(raw); !line.isEmpty(); line = in.readLine(raw)) {
            lines.add(FieldLine.parse(line));
        }
        return List.copyOf(lines);
    }

    /** Gives the only value of {@code name}; several lines fail the test. */
    public Optional<String> field(String name) {
        return FieldLine.single(lines, name);
    }

    /** Gives all values of {@code name} in order. */
    public List<String> fields(String name) {
        return FieldLine.values(lines, name);
    }

    /** RFC 9112 §4: the space behind the code belongs there even when the reason phrase is empty. */
    private static boolean isStatusLine(String line) {
        return line.length() >= 13
                && (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && line.charAt(12) == ' '
                && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
