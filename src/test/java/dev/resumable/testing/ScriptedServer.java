// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that does to each connection what the test says, with no HTTP of its own: for answers that no container gives.
 *
 * <p>Connections are served one after the other by a thread of its own, and closed when the script returns.
 */
public final class ScriptedServer implements AutoCloseable {
    /** What to do with one accepted connection. */
    public interface Script {
        void run(Socket connection) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Thread thread;
    private final List<Exception> failures = new CopyOnWriteArrayList<>();

    private ScriptedServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.thread = new Thread(() -> serve(script), "scripted-server");
        thread.setDaemon(true);
    }

    /** Starts a server on a free port of the loopback address. */
    public static ScriptedServer start(Script script) throws IOException {
        ScriptedServer server = new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
        server.thread.start();
        return server;
    }

    /** Gives the TCP port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Gives what scripts have thrown so far; a connection that the test ended is often among these. */
    public List<Exception> failures() {
        return List.copyOf(failures);
    }

    private void serve(Script script) {
        while (!listener.isClosed()) {
            try (Socket connection = listener.accept()) {
                connection.setTcpNoDelay(true);
                script.run(connection);
            } catch (IOException e) {
                failures.add(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        thread.interrupt();
    }
}
