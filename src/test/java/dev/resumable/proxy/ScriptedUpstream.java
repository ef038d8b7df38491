// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server behind the proxy that does to each request what the test says, well or badly; it knows no more HTTP than where a
 * head ends.
 *
 * <p>Each connection has a thread of its own and is kept for further requests until the script closes it.
 */
final class ScriptedUpstream implements AutoCloseable {

    private final ServerSocket listener;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Script script;

    /** What to do with one request. */
    interface Script {
        void answer(Exchange exchange) throws Exception;
    }

    /** A request head as it came. */
    record Seen(int connection, String head) {

        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        String target() {
            return line().split(" ")[1];
        }

        /** Values of a field in order. */
        List<String> fields(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        Optional<String> field(String name) {
            List<String> values = fields(name);
            if (values.size() > 1) {
                throw new AssertionError("several lines of " + name + ": " + values);
            }
            return values.stream().findFirst();
        }
    }

    /** One request on one connection. */
    static final class Exchange {

        private final Socket socket;
        private final Seen seen;
        private final int number;

        private Exchange(Socket socket, Seen seen, int number) {
            this.socket = socket;
            this.seen = seen;
            this.number = number;
        }

        Seen request() {
            return seen;
        }

        /** How many requests for the same target came before. */
        int number() {
            return number;
        }

        Exchange send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Exchange send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        /** Ends this side; what was sent arrives. */
        void close() throws IOException {
            socket.close();
        }

        /** Ends with RST. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        InputStream in() throws IOException {
            return socket.getInputStream();
        }

        /** Reads exactly so many bytes, or fewer at the end. */
        byte[] read(int count) throws IOException {
            return in().readNBytes(count);
        }

        /** Waits for the end of the connection and tells how it came: true for an orderly one. */
        boolean awaitEnd() {
            try {
                byte[] buffer = new byte[8192];
                while (in().read(buffer) >= 0) {
                    // Only the end matters.
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    private ScriptedUpstream(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    static ScriptedUpstream start(Script script) {
        try {
            return start(new ServerSocket(0, 300, InetAddress.getLoopbackAddress()), script);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On a socket of the test's own, one of TLS say. */
    static ScriptedUpstream start(ServerSocket listener, Script script) {
        ScriptedUpstream upstream = new ScriptedUpstream(listener, script);
        thread("scripted-upstream", upstream::accept);
        return upstream;
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sets what further requests are answered with, and forgets those before. */
    ScriptedUpstream script(Script next) {
        script = next;
        seen.clear();
        failures.clear();
        counts.clear();
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    List<Seen> requests() {
        return List.copyOf(seen);
    }

    Seen onlyRequest() {
        if (seen.size() != 1) {
            throw new AssertionError("expected one request but got " + seen);
        }
        return seen.get(0);
    }

    /** Connections that are open on this side. */
    int openConnections() {
        return open.size();
    }

    int acceptedConnections() {
        return accepted.get();
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int connection = accepted.incrementAndGet();
                open.add(socket);
                thread("scripted-upstream-" + connection, () -> serve(socket, connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, int connection) {
        try (socket) {
            socket.setTcpNoDelay(true);
            for (String head = readHead(socket); !head.isEmpty() && !socket.isClosed(); head = readHead(socket)) {
                Seen request = new Seen(connection, head);
                seen.add(request);
                int number = counts.computeIfAbsent(request.target(), ignored -> new AtomicInteger())
                        .getAndIncrement();
                script.answer(new Exchange(socket, request, number));
                if (socket.isClosed()) {
                    return;
                }
            }
        } catch (Exception | AssertionError e) {
            failures.add(e);
        } finally {
            open.remove(socket);
        }
    }

    /** The head up to its empty line; empty if the connection ends before. */
    private static String readHead(Socket socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
