// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection that costs as little as possible: what a body says is dropped, what it weighs is counted.
 *
 * <p>For one thread, one request at a time: {@link #send}, then {@link #receive}.
 */
final class Connection implements AutoCloseable {

    private static final int BUFFER = 256 << 10;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    static Connection open(int port) throws IOException {
        return connect(SocketChannel.open(), port);
    }

    private static Connection connect(SocketChannel channel, int port) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Connection(channel);
    }

    /** Gives the bytes of a request. */
    static byte[] get(String target, String... fieldLines) {
        String lines = fieldLines.length == 0 ? "" : String.join("\r\n", fieldLines) + "\r\n";
        return ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    void send(byte[] request) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads one whole response. */
    Reply receive() throws IOException {
        ReplyHead head = receiveHead();
        return new Reply(head, head.hasBody() ? skipBody(head) : 0);
    }

    /** Reads the head and, where there is a body, its first byte at least. */
    ReplyHead receiveFirstByte() throws IOException {
        ReplyHead head = receiveHead();
        if (head.hasBody() && !in.hasRemaining()) {
            fill();
        }
        return head;
    }

    private ReplyHead receiveHead() throws IOException {
        int scanned = in.position();
        while (true) {
            for (; scanned + 3 < in.limit(); scanned++) {
                if (in.get(scanned) == '\r' && in.get(scanned + 2) == '\r') {
                    byte[] head = new byte[scanned + 2 - in.position()];
                    in.get(head).position(scanned + 4);
                    return ReplyHead.parse(new String(head, StandardCharsets.ISO_8859_1));
                }
            }
            scanned -= in.position();
            fillMore();
        }
    }

    private long skipBody(ReplyHead head) throws IOException {
        if (!head.isChunked()) {
            skip(head.length());
            return head.length();
        }
        long total = 0;
        for (long chunk = chunkSize(); chunk > 0; chunk = chunkSize()) {
            skip(chunk + 2);
            total += chunk;
        }
        skip(2);
        return total;
    }

    private long chunkSize() throws IOException {
        long size = 0;
        for (byte digit = next(); digit != '\n'; digit = next()) {
            if (digit != '\r') {
                size = size << 4 | Character.digit(digit, 16);
            }
        }
        return size;
    }

    private byte next() throws IOException {
        if (!in.hasRemaining()) {
            fill();
        }
        return in.get();
    }

    private void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            if (!in.hasRemaining()) {
                fill();
            }
            int here = (int) Math.min(left, in.remaining());
            in.position(in.position() + here);
            left -= here;
        }
    }

    private void fill() throws IOException {
        in.clear();
        read();
    }

    /** Keeps what is there, at the start of the buffer. */
    private void fillMore() throws IOException {
        in.compact();
        read();
    }

    private void read() throws IOException {
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
            throw new EOFException("the server has closed the connection");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Of no use any more in any case.
        }
    }
}
