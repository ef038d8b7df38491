// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The receiving side of one connection: bytes and strict lines, buffered.
 *
 * <p>The end of the connection is {@code -1} between messages and an {@link EOFException} within a line. A time-out
 * without any byte is a {@link java.net.SocketTimeoutException}, after which reading may go on.
 */
final class WireInput {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer;
    private int position;
    private int limit;

    WireInput(Socket socket, int bufferSize) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.buffer = new byte[bufferSize];
    }

    /** Waits at most this long for the next bytes of each later read. */
    void idleTimeout(Duration timeout) throws IOException {
        socket.setSoTimeout(Math.toIntExact(Math.max(1, timeout.toMillis())));
    }

    /** Reads at least one byte, at most {@code length}, or gives -1 at the end of the connection. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** Reads one byte, or gives -1 at the end of the connection. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    /** Takes what is here already, without waiting for more. */
    byte[] drain() {
        byte[] rest = Arrays.copyOfRange(buffer, position, limit);
        position = limit;
        return rest;
    }

    /**
     * Reads one line that ends with CRLF, appends all of it to {@code raw} and gives it without its CRLF.
     *
     * @throws AssertionError if a CR or LF stands alone (RFC 9112 §2.2)
     */
    String readLine(ByteArrayOutputStream raw) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = readWithin(raw);
            if (next == '\r') {
                expectLineFeed(readWithin(raw), line);
                return line.toString(StandardCharsets.ISO_8859_1);
            }
            if (next == '\n' || line.size() == LONGEST_LINE) {
                throw new AssertionError("line without CRLF: " + Wire.quote(line.toByteArray()));
            }
            line.write(next);
        }
    }

    /** Reads one byte that must be there. */
    int readWithin(ByteArrayOutputStream raw) throws IOException {
        int next = read();
        if (next < 0) {
            throw new EOFException("the connection ended within " + Wire.quote(raw.toByteArray()));
        }
        raw.write(next);
        return next;
    }

    private static void expectLineFeed(int next, ByteArrayOutputStream line) {
        if (next != '\n') {
            throw new AssertionError("CR without LF after: " + Wire.quote(line.toByteArray()));
        }
    }

    private boolean fill() throws IOException {
        int count = in.read(buffer);
        position = 0;
        limit = Math.max(0, count);
        return count > 0;
    }
}
