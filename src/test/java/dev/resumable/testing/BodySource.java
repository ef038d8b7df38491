// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * The body of one response, freed of its framing.
 *
 * <p>{@link #read} gives -1 only at the end that the framing marks; a connection that ends earlier is an
 * {@link EOFException}, and framing that breaks RFC 9112 fails the test.
 */
abstract sealed class BodySource {
    final WireInput in;

    BodySource(WireInput in) {
        this.in = in;
    }

    /** Chooses by RFC 9112 §6.3 for the answer {@code head} to a request with {@code method}. */
    static BodySource of(String method, RawHead head, WireInput in) {
        List<String> codings = head.fields("Transfer-Encoding");
        List<String> lengths = head.fields("Content-Length");
        if (!codings.isEmpty() && !lengths.isEmpty()) {
            throw new AssertionError("both Transfer-Encoding and Content-Length in " + Wire.quote(head.raw()));
        }
        lengths.forEach(BodySource::parseLength);
        if (lengths.size() > 1) {
            throw new AssertionError("several Content-Length lines in " + Wire.quote(head.raw()));
        }
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return new Nothing(in);
        }
        if (!codings.isEmpty()) {
            return chunked(codings, in);
        }
        return lengths.isEmpty() ? new UntilClose(in) : new Counted(in, parseLength(lengths.get(0)));
    }

    abstract int read(byte[] target, int offset, int length) throws IOException;

    abstract Framing framing();

    /** Gives the trailer section, empty before the end of the body and for all framings but the chunked one. */
    List<FieldLine> trailers() {
        return List.of();
    }

    private static Chunked chunked(List<String> codings, WireInput in) {
        if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new AssertionError("transfer coding other than chunked: " + codings);
        }
        return new Chunked(in);
    }

    private static long parseLength(String value) {
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new AssertionError("malformed Content-Length: " + Wire.quote(value));
        }
        return Long.parseLong(value);
    }

    private static final class Nothing extends BodySource {
        Nothing(WireInput in) {
            super(in);
        }

        @Override
        int read(byte[] target, int offset, int length) {
            return -1;
        }

        @Override
        Framing framing() {
            return Framing.NONE;
        }
    }

    private static final class Counted extends BodySource {
        private long left;

        Counted(WireInput in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException(left + " bytes short of Content-Length");
            }
            left -= count;
            return count;
        }

        @Override
        Framing framing() {
            return Framing.CONTENT_LENGTH;
        }
    }

    private static final class UntilClose extends BodySource {
        UntilClose(WireInput in) {
            super(in);
        }

        @Override
        int read(byte[] target, int offset, int length) throws IOException {
            return in.read(target, offset, length);
        }

        @Override
        Framing framing() {
            return Framing.UNTIL_CLOSE;
        }
    }

    /** RFC 9112 §7.1, chunk extensions read over. */
    private static final class Chunked extends BodySource {
        private long left;
        private boolean first = true;
        private boolean ended;
        private List<FieldLine> trailers = List.of();

        Chunked(WireInput in) {
            super(in);
        }

        @Override
        int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the connection ended within a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            if (!first && !in.readLine(raw).isEmpty()) {
                throw new AssertionError("chunk data longer than its size: " + Wire.quote(raw.toByteArray()));
            }
            first = false;
            left = parseSize(in.readLine(raw));
            if (left == 0) {
                trailers = RawHead.readLines(in, raw);
                ended = true;
            }
        }

        private static long parseSize(String line) {
            int extension = line.indexOf(';');
            String size = extension < 0 ? line : line.substring(0, extension).stripTrailing();
            if (size.isEmpty() || size.length() > 15 || !size.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                throw new AssertionError("malformed chunk size: " + Wire.quote(line));
            }
            return Long.parseLong(size, 16);
        }

        @Override
        Framing framing() {
            return Framing.CHUNKED;
        }

        @Override
        List<FieldLine> trailers() {
            return trailers;
        }
    }
}
