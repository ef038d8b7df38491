// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A {@code multipart/byteranges} body (RFC 9110 §14.6), taken apart strictly by RFC 2046 §5.1.1.
 *
 * <p>Whatever a recipient might stumble over fails the test as an {@link AssertionError}: another media type, a missing
 * or unfit boundary, a line without CRLF, white space behind a delimiter, no parts, no close-delimiter, a delimiter
 * within a part.
 *
 * @param boundary the value of the {@code boundary} parameter, unquoted
 * @param preamble the bytes in front of the first delimiter, its CRLF not included
 * @param parts the parts in order
 * @param epilogue the bytes behind the close-delimiter, the CRLF between them not included
 */
public record MultipartBody(String boundary, String preamble, List<Part> parts, String epilogue) {
    private static final int LONGEST_BOUNDARY = 70;

    /** One body part. */
    public static final class Part {
        private final List<FieldLine> lines;
        private final byte[] body;

        private Part(List<FieldLine> lines, byte[] body) {
            this.lines = lines;
            this.body = body;
        }

        /** Gives the field lines in order. */
        public List<FieldLine> lines() {
            return lines;
        }

        /** Gives the only value of {@code name}, or nothing if it is absent; several lines fail the test. */
        public Optional<String> field(String name) {
            return FieldLine.single(lines, name);
        }

        /** Gives the bytes between the empty line and the CRLF of the next delimiter. */
        public byte[] body() {
            return body.clone();
        }

        @Override
        public String toString() {
            return lines + " " + Wire.quote(body);
        }
    }

    /** Parses the body of a whole response by its only {@code Content-Type}. */
    public static MultipartBody of(RawResponse response) {
        String type = response.assertComplete()
                .field("Content-Type")
                .orElseThrow(() -> new AssertionError("no Content-Type in " + response));
        return parse(type, response.body());
    }

    /** Parses {@code body} by the value of its {@code Content-Type} field. */
    public static MultipartBody parse(String contentType, byte[] body) {
        return new Parser(MultipartBoundary.of(contentType), body).parse();
    }

    /** RFC 2046: {@code bchars}, 1 to 70, not ending with a space. */
    static void requireFit(String boundary) {
        boolean fit = !boundary.isEmpty()
                && boundary.length() <= LONGEST_BOUNDARY
                && !boundary.endsWith(" ")
                && boundary.chars().allMatch(MultipartBody::isBoundaryCharacter);
        if (!fit) {
            throw new AssertionError("unfit boundary " + Wire.quote(boundary));
        }
    }

    private static boolean isBoundaryCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "'()+_,-./:=? ".indexOf(c) >= 0;
    }

    /** Goes once over the body, from delimiter to delimiter. */
    private static final class Parser {
        private final String boundary;
        private final byte[] dashBoundary;
        private final byte[] delimiter;
        private final byte[] body;
        private int position;

        Parser(String boundary, byte[] body) {
            this.boundary = boundary;
            this.dashBoundary = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
            this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
            this.body = body;
        }

        MultipartBody parse() {
            String preamble = preamble();
            List<Part> parts = new ArrayList<>();
            expect("\r\n", "behind the first delimiter");
            do {
                parts.add(part());
            } while (anotherPart());
            return new MultipartBody(boundary, preamble, List.copyOf(parts), epilogue());
        }

        /** The first delimiter needs no CRLF in front of it at the very start of the body. */
        private String preamble() {
            if (startsWith(0, dashBoundary)) {
                position = dashBoundary.length;
                return "";
            }
            int end = find(0);
            position = end + delimiter.length;
            return text(0, end);
        }

        private Part part() {
            List<FieldLine> lines = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                lines.add(FieldLine.parse(line));
            }
            int end = find(position);
            byte[] content = Arrays.copyOfRange(body, position, end);
            position = end + delimiter.length;
            return new Part(List.copyOf(lines), content);
        }

        /** Behind a delimiter: CRLF and a part, or two hyphens and the end; a longer line is no delimiter at all. */
        private boolean anotherPart() {
            if (startsWith(position, new byte[] {'-', '-'})) {
                position += 2;
                return false;
            }
            expect("\r\n", "behind a delimiter");
            return true;
        }

        private String epilogue() {
            if (position == body.length) {
                return "";
            }
            expect("\r\n", "behind the close-delimiter");
            return text(position, body.length);
        }

        private String line() {
            int end = position;
            while (end < body.length && body[end] != '\r' && body[end] != '\n') {
                end++;
            }
            String line = text(position, end);
            position = end;
            expect("\r\n", "at the end of a part's field line");
            if (line.startsWith("--" + boundary)) {
                throw malformed("a part without the empty line behind its fields");
            }
            return line;
        }

        private int find(int from) {
            for (int i = from; i <= body.length - delimiter.length; i++) {
                if (startsWith(i, delimiter)) {
                    return i;
                }
            }
            throw malformed("no further delimiter");
        }

        private boolean startsWith(int from, byte[] prefix) {
            return from + prefix.length <= body.length
                    && Arrays.equals(body, from, from + prefix.length, prefix, 0, prefix.length);
        }

        private void expect(String what, String where) {
            byte[] bytes = what.getBytes(StandardCharsets.US_ASCII);
            if (!startsWith(position, bytes)) {
                throw malformed("no " + Wire.quote(what) + " " + where);
            }
            position += bytes.length;
        }

        private String text(int from, int to) {
            return new String(body, from, to - from, StandardCharsets.ISO_8859_1);
        }

        private AssertionError malformed(String what) {
            String before = text(Math.max(0, position - 60), position);
            String after = text(position, Math.min(body.length, position + 60));
            return new AssertionError("malformed multipart body at byte " + position + " of " + body.length + ": "
                    + what + ", between " + Wire.quote(before) + " and " + Wire.quote(after));
        }
    }
}
