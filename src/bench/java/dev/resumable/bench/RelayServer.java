// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The least that a Java program can do between a client and a server: copies bytes from socket to socket, both ways. */
final class RelayServer {

    private static final int BUFFER = 64 << 10;

    private RelayServer() {}

    /** Takes the port of the server behind. */
    public static void main(String[] arguments) throws IOException {
        int behind = Integer.parseInt(arguments[0]);
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println("port " + listener.getLocalPort());
            thread(() -> {
                while (!listener.isClosed()) {
                    relay(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), behind));
                }
            });
            HeapCount.answerUntilEnd();
        }
        System.exit(0);
    }

    private static void relay(Socket client, Socket server) {
        thread(() -> copy(client, server));
        thread(() -> copy(server, client));
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (Closeable first = from;
                Closeable second = to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                out.write(buffer, 0, got);
            }
        }
    }

    /** What may end with its connection. */
    private interface Task {
        void run() throws IOException;
    }

    private static void thread(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // One side has left.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
