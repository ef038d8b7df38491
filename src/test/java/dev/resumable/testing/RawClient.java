// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * One HTTP/1.1 connection on a raw socket: sends exactly the bytes it is given and judges the framing of the answers.
 *
 * <p>Any number of requests go over one client, one after the other ({@link #exchange}) or pipelined (several
 * {@link #send(RawRequest)}, then as many {@link #read}). Framing that breaks RFC 9112 is an {@link AssertionError}; a
 * body that ends early is a {@link Completion}. Before or within a head, the end of the connection is an
 * {@link java.io.EOFException}, a reset a {@link SocketException} and silence a {@link SocketTimeoutException}. The
 * time-out, 10 s unless changed, counts from the last byte that came; sending has none.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final int BUFFER = 64 * 1024;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int CLOSED = -1;
    private static final int SILENT = -2;

    private final Socket socket;
    private final WireInput in;
    private final String host;
    private Duration timeout = DEFAULT_TIMEOUT;

    private RawClient(Socket socket, int bufferSize) throws IOException {
        this.socket = socket;
        this.in = new WireInput(socket, bufferSize);
        this.host = "127.0.0.1:" + socket.getPort();
        in.idleTimeout(timeout);
    }

    /** Connects to a port of the loopback address. */
    public static RawClient connect(int port) throws IOException {
        return connect(new Socket(), port, BUFFER);
    }

    /**
     * Connects with a receive buffer of about {@code bytes}, so that a slow test is felt by the server soon.
     *
     * <p>The client itself then takes no more than that from the socket at a time.
     */
    public static RawClient connectWithReceiveBuffer(int port, int bytes) throws IOException {
        Socket socket = new Socket();
        // The window is settled by the handshake, so this must come before connecting.
        socket.setReceiveBufferSize(bytes);
        return connect(socket, port, bytes);
    }

    /** Sends one request over a connection of its own and reads the answer. */
    public static RawResponse once(int port, RawRequest request) throws IOException {
        try (RawClient client = connect(port)) {
            return client.exchange(request);
        }
    }

    private static RawClient connect(Socket socket, int port, int bufferSize) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        return new RawClient(socket, bufferSize);
    }

    /** Changes the receive buffer of a connection that is open; gives this client. */
    public RawClient receiveBuffer(int bytes) throws IOException {
        socket.setReceiveBufferSize(bytes);
        return this;
    }

    /** Waits at most this long for the next byte of each later read; gives this client. */
    public RawClient timeout(Duration idle) throws IOException {
        timeout = idle;
        in.idleTimeout(idle);
        return this;
    }

    /** Sends GET and reads the answer; each line is {@code Name: value}. */
    public RawResponse get(String target, String... fieldLines) throws IOException {
        return exchange(RawRequest.get(target, fieldLines));
    }

    /** Sends HEAD and reads the answer. */
    public RawResponse head(String target, String... fieldLines) throws IOException {
        return exchange(RawRequest.head(target, fieldLines));
    }

    /** Sends a request and reads the answer. */
    public RawResponse exchange(RawRequest request) throws IOException {
        return open(request).rest();
    }

    /** Sends a request, reads the head of the answer and leaves its body to the test. */
    public OpenResponse open(RawRequest request) throws IOException {
        send(request);
        return begin(request.method());
    }

    /** Sends a request and does not wait for the answer. */
    public RawClient send(RawRequest request) throws IOException {
        return send(request.toBytes(host));
    }

    /** Sends exactly these bytes. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads one response to a request with {@code method}, which decides whether there is a body. */
    public RawResponse read(String method) throws IOException {
        return begin(method).rest();
    }

    /** Reads the head of one interim response (RFC 9110 §15.2); the request may still be on its way. */
    public RawHead readInterim() throws IOException {
        RawHead head = RawHead.read(in);
        if (head.status() / 100 != 1) {
            throw new AssertionError("not an interim response: " + head);
        }
        return head;
    }

    /** Reads the head of one response to a request with {@code method}. */
    public OpenResponse begin(String method) throws IOException {
        return OpenResponse.begin(method, in);
    }

    /** Reads what comes until the server closes, unparsed; a reset ends it too. */
    public byte[] readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = in.read(buffer, 0, BUFFER); count >= 0; count = in.read(buffer, 0, BUFFER)) {
                all.write(buffer, 0, count);
            }
        } catch (SocketException e) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    /** Closes the sending direction; answers can still be read. */
    public RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Ends the connection with RST, as a vanished client does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Fails the test if a byte follows within this time; a connection that stays silent or closes is right. */
    public void assertNothingFollows(Duration time) throws IOException {
        int next = nextWithin(time);
        if (next >= 0) {
            ByteArrayOutputStream stray = new ByteArrayOutputStream();
            stray.write(next);
            stray.writeBytes(in.drain());
            throw new AssertionError("unexpected bytes behind the response: " + Wire.quote(stray.toByteArray()));
        }
    }

    /** Fails the test unless the server ends the connection within this time without another byte. */
    public void assertClosedWithin(Duration time) throws IOException {
        int next = nextWithin(time);
        if (next != CLOSED) {
            throw new AssertionError("expected the end of the connection within " + time + " but "
                    + (next == SILENT ? "it stayed open" : "got byte " + next));
        }
    }

    private int nextWithin(Duration time) throws IOException {
        in.idleTimeout(time);
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            return SILENT;
        } catch (SocketException e) {
            return CLOSED;
        } finally {
            in.idleTimeout(timeout);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
