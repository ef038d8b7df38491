// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The server behind the proxies: answers {@code GET /LENGTH} with so many bytes, by sendfile, so that it costs next to nothing. */
final class OriginServer {

    private OriginServer() {}

    /** Takes a file to send again and again. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            System.out.println("port " + listener.socket().getLocalPort());
            Thread accepting = new Thread(() -> accept(listener, file));
            accepting.setDaemon(true);
            accepting.start();
            HeapCount.answerUntilEnd();
        }
        System.exit(0);
    }

    private static void accept(ServerSocketChannel listener, Path file) {
        while (listener.isOpen()) {
            try {
                SocketChannel connection = listener.accept();
                Thread serving = new Thread(() -> serve(connection, file));
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(SocketChannel connection, Path file) {
        try (connection;
                FileChannel content = FileChannel.open(file)) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long length = Long.parseLong(line.split("[ /]+")[1]);
                for (String field = in.readLine(); field != null && !field.isEmpty(); ) {
                    field = in.readLine();
                }
                send(length, content, connection);
            }
        } catch (IOException e) {
            // The proxy has left.
        }
    }

    private static void send(long length, FileChannel content, SocketChannel connection) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nETag: \"o\"\r\nContent-Length: "
                + length + "\r\n\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
        for (long left = length; left > 0; ) {
            long at = (length - left) % content.size();
            left -= content.transferTo(at, Math.min(left, content.size() - at), connection);
        }
    }
}
