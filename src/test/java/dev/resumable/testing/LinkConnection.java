// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One connection through a {@link FaultyLink}: a pump for each direction, and both sockets. */
final class LinkConnection {
    private final Socket client;
    private final Socket server;
    private final CountDownLatch stall;
    private final Consumer<LinkConnection> whenOver;
    private final AtomicInteger running = new AtomicInteger(2);
    private volatile boolean cut;
    private volatile List<Thread> threads = List.of();

    LinkConnection(Socket client, Socket server, CountDownLatch stall, Consumer<LinkConnection> whenOver)
            throws SocketException {
        this.client = client;
        this.server = server;
        this.stall = stall;
        this.whenOver = whenOver;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start(LinkPlan plan, AtomicLong toServer, AtomicLong toClient) {
        String link = "faulty-link-" + client.getLocalPort();
        threads = List.of(
                thread(link + "-to-server", new LinkPump(this, client, server, plan.toServer(), toServer)),
                thread(link + "-to-client", new LinkPump(this, server, client, plan.toClient(), toClient)));
        threads.forEach(Thread::start);
    }

    private Thread thread(String name, LinkPump pump) {
        Thread thread = new Thread(() -> run(pump), name);
        thread.setDaemon(true);
        return thread;
    }

    private void run(LinkPump pump) {
        try {
            pump.run();
        } catch (IOException | InterruptedException e) {
            // One side is gone or the link is closed; there is nobody left to tell.
            if (!cut) {
                close();
            }
        } finally {
            if (running.decrementAndGet() == 0) {
                close();
                whenOver.accept(this);
            }
        }
    }

    /** Waits until the link is released or this connection is closed. */
    void awaitRelease() throws InterruptedException {
        stall.await();
    }

    /** Notes that one side was dropped on purpose, so that the failure of the other pump ends nothing more. */
    void cutOn(Socket dropped) throws IOException {
        cut = true;
        dropped.close();
    }

    /** Ends both sides with RST. */
    void reset() throws IOException {
        client.setSoLinger(true, 0);
        server.setSoLinger(true, 0);
        close();
    }

    void close() {
        closeQuietly(client);
        closeQuietly(server);
        threads.forEach(Thread::interrupt);
    }

    void join(long millis) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(millis);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
