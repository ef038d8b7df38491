// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on the loopback address that breaks connections to a port on purpose, at an exact byte.
 *
 * <p>Each connection follows the first {@link LinkPlan} waiting from {@link #nextConnection}, or that of
 * {@link #everyConnection}, which is clean at first. Two daemon threads carry a connection; all have ended when
 * {@link #close} returns.
 */
public final class FaultyLink implements AutoCloseable {
    private static final int JOIN_MILLIS = 30_000;

    private final ServerSocket listener;
    private final int target;
    private final Queue<LinkPlan> waiting = new ConcurrentLinkedQueue<>();
    private final Set<LinkConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong toServer = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private final CountDownLatch stall = new CountDownLatch(1);
    private final Thread acceptor;
    private volatile LinkPlan usual = LinkPlan.clean();

    private FaultyLink(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
        this.acceptor = new Thread(this::accept, "faulty-link-" + listener.getLocalPort() + "-accept");
        acceptor.setDaemon(true);
    }

    /** Starts a link to {@code port} of the loopback address. */
    public static FaultyLink to(int port) throws IOException {
        FaultyLink link = new FaultyLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        link.acceptor.start();
        return link;
    }

    /** Gives the port to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the plan of all later connections that no {@link #nextConnection} waits for. */
    public FaultyLink everyConnection(LinkPlan plan) {
        usual = plan;
        return this;
    }

    /** Sets the plan of one later connection, behind those that wait already. */
    public FaultyLink nextConnection(LinkPlan plan) {
        waiting.add(plan);
        return this;
    }

    /** Lets all go on that {@link Fault.Kind#STALL} holds up, for good. */
    public void release() {
        stall.countDown();
    }

    /** Gives the number of connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Gives the number of connections whose threads still run. */
    public int openConnections() {
        return open.size();
    }

    /** Gives the number of bytes passed on to the server, over all connections. */
    public long bytesToServer() {
        return toServer.get();
    }

    /** Gives the number of bytes passed on to clients, over all connections. */
    public long bytesToClient() {
        return toClient.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                carry(listener.accept());
            } catch (IOException e) {
                // Either closed, or the server refused: the client sees its own connection end.
            }
        }
    }

    private void carry(Socket client) throws IOException {
        connections.incrementAndGet();
        LinkPlan next = waiting.poll();
        Socket server = connectOrClose(client);
        LinkConnection connection = new LinkConnection(client, server, stall, open::remove);
        open.add(connection);
        connection.start(next == null ? usual : next, toServer, toClient);
        if (listener.isClosed()) {
            connection.close();
        }
    }

    private Socket connectOrClose(Socket client) throws IOException {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            acceptor.join(JOIN_MILLIS);
            for (LinkConnection connection : open) {
                connection.close();
                connection.join(JOIN_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
