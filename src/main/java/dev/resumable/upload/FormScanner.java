// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the fields of a form (multipart/form-data, RFC 7578) in bytes as they come, without waiting for the next.
 *
 * <p>Implementation note: the libraries that read forms read from a stream, so from one that waits, and hold a thread for each
 * client that stalls.
 */
final class FormScanner {

    /** The most bytes of the headers of one field. */
    static final int MAX_HEADERS = 8 << 10;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

    private final byte[] delimiter;
    /** Begins as if a line had ended: the first delimiter may be the first of all (RFC 2046 §5.1.1). */
    private byte[] held = LINE_END;

    private int at;
    private int limit = LINE_END.length;
    private Place place = Place.CONTENT;

    private enum Place {
        /** In front of a delimiter: of a field, or before the first one. */
        CONTENT,
        /** Behind the delimiter, in its line. */
        DELIMITER_LINE,
        HEADERS,
        /** Behind the last delimiter. */
        EPILOGUE
    }

    /** What comes next in a form. */
    sealed interface Piece {
        /** A field begins. */
        record Field(String headers) implements Piece {}

        /** Bytes of the field, or before the first one; they are there until the scanner is asked again. */
        record Content(byte[] bytes, int offset, int length) implements Piece {}

        /** Nothing, until there are more bytes. */
        record Wanting() implements Piece {}

        /** What no form has; nothing can come after it. */
        record Malformed() implements Piece {}
    }

    FormScanner(String boundary) {
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Adds bytes to those that were not understood yet. */
    void add(byte[] bytes, int offset, int length) {
        int rest = limit - at;
        byte[] room = rest + length <= held.length && held != LINE_END ? held : new byte[rest + length];
        System.arraycopy(held, at, room, 0, rest);
        System.arraycopy(bytes, offset, room, rest, length);
        held = room;
        at = 0;
        limit = rest + length;
    }

    /** What the bytes come to; to be asked until it is {@link Piece.Wanting}. */
    Piece next() {
        return switch (place) {
            case CONTENT -> content();
            case DELIMITER_LINE -> delimiterLine();
            case HEADERS -> headers();
            case EPILOGUE -> wantingAfter(limit);
        };
    }

    /** Whether the last delimiter has come. */
    boolean isWhole() {
        return place == Place.EPILOGUE;
    }

    private Piece content() {
        int begin = at;
        int found = find(delimiter);
        if (found >= 0) {
            at = found + delimiter.length;
            place = Place.DELIMITER_LINE;
            return new Piece.Content(held, begin, found - begin);
        }
        // The rest may be the beginning of a delimiter.
        at = Math.max(begin, limit - delimiter.length + 1);
        return at > begin ? new Piece.Content(held, begin, at - begin) : new Piece.Wanting();
    }

    private Piece delimiterLine() {
        if (limit - at >= 2 && held[at] == '-' && held[at + 1] == '-') {
            place = Place.EPILOGUE;
            return wantingAfter(limit);
        }
        int end = find(LINE_END);
        if (end < 0) {
            return tooFewOr(MAX_HEADERS);
        }
        if (!text(at, end).isBlank()) {
            return new Piece.Malformed();
        }
        // The end of this line stays: together with an empty line it is the end of no headers at all.
        at = end;
        place = Place.HEADERS;
        return headers();
    }

    private Piece headers() {
        int end = find(HEADERS_END);
        if (end < 0) {
            return tooFewOr(MAX_HEADERS);
        }
        String headers = text(Math.min(at + LINE_END.length, end), end);
        at = end + HEADERS_END.length;
        place = Place.CONTENT;
        return new Piece.Field(headers);
    }

    private Piece tooFewOr(int most) {
        return limit - at > most ? new Piece.Malformed() : new Piece.Wanting();
    }

    private Piece wantingAfter(int position) {
        at = position;
        return new Piece.Wanting();
    }

    private String text(int from, int to) {
        return new String(held, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private int find(byte[] wanted) {
        for (int i = at; i <= limit - wanted.length; i++) {
            if (held[i] == wanted[0] && Arrays.equals(held, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
