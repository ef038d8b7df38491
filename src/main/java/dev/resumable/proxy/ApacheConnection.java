// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.message.LazyLaxLineParser;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that also knows what has come over it.
 *
 * <p>The library's own connections take a head or a trailer section that the end of the connection cuts off for a whole one,
 * are reused with bytes waiting that belong to no answer, and do not look at what a server says while content is sent to it.
 */
final class ApacheConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    /** More interim responses than any server has a reason for. */
    private static final int MOST_INTERIM = 100;

    private static final Upstream.Interim NOBODY = (status, fields) -> {};
    private static final Timeout AT_HAND = Timeout.ofMilliseconds(1);

    private Timeout timeout = Timeout.DISABLED;
    /** Held by whoever reads while content is sent: the thread that sends it, or one that looks while that waits. */
    private final Object listening = new Object();

    private final Queue<ClassicHttpResponse> held = new ConcurrentLinkedQueue<>();
    private volatile @Nullable ClassicHttpResponse early;
    private volatile @Nullable Exception earlyFailure;
    private volatile boolean stopped;
    private boolean sending;
    private int interim;
    private Upstream.Interim onInterim = NOBODY;
    private long exchanges;
    private long bytesBefore;
    private volatile boolean closed;
    private volatile @Nullable ApacheSocket socket;

    ApacheConnection(Http1Config limits) {
        super(
                limits,
                null,
                // Bytes are read as they are, but without this some would be sent as "?".
                StandardCharsets.ISO_8859_1.newEncoder(),
                null,
                null,
                (request, connection, in, sent, next) -> ((ApacheConnection) connection).isAnsweredEarly(),
                null,
                // Allows whitespace in front of a colon, which a proxy has to remove (RFC 9112 §5.1).
                new DefaultHttpResponseParserFactory(limits, LazyLaxLineParser.INSTANCE, null));
    }

    // ---- an exchange

    /** Begins an exchange; true if the connection has had another one before. */
    boolean begin(Upstream.Interim onInterim) {
        this.onInterim = onInterim;
        forgetExchange();
        interim = 0;
        WatchedInput wire = wire();
        bytesBefore = wire == null ? 0 : wire.count;
        synchronized (listening) {
            return exchanges++ > 0;
        }
    }

    /** The number of the exchange that it is used for. */
    long exchange() {
        synchronized (listening) {
            return exchanges;
        }
    }

    /** True if a byte of the answer has come. */
    boolean hasAnswered() {
        WatchedInput wire = wire();
        return wire != null && wire.count > bytesBefore;
    }

    private void forgetExchange() {
        early = null;
        earlyFailure = null;
        stopped = false;
        held.clear();
    }

    /** Sends the content, until its end or until the server refuses it; true if all was sent. */
    boolean sendContent(ClassicHttpRequest request) throws HttpException, IOException {
        synchronized (listening) {
            sending = true;
        }
        try {
            sendRequestEntity(request);
            if (!isUnwanted()) {
                flush();
            }
        } catch (UnwantedContentException e) {
            // The answer is there.
        } catch (SocketException e) {
            stopped = true;
            if (!isHeard()) {
                throw e;
            }
        } finally {
            synchronized (listening) {
                sending = false;
            }
        }
        return !isUnwanted();
    }

    /** What the server said before it stopped reading is worth more than the exception. */
    private boolean isHeard() throws IOException {
        synchronized (listening) {
            if (!isAnswered() && isOpen() && isDataAvailable(AT_HAND)) {
                readHeads();
            }
            return isAnswered();
        }
    }

    private boolean isAnswered() {
        return early != null || earlyFailure != null;
    }

    /** RFC 9112 §9.3: a client should stop sending when it is told an error. */
    private boolean isUnwanted() {
        ClassicHttpResponse answer = early;
        return stopped || earlyFailure != null || (answer != null && answer.getCode() >= HttpStatus.SC_CLIENT_ERROR);
    }

    /** Asked by the library before each write of content. */
    private boolean isAnsweredEarly() throws IOException {
        listen();
        passHeld();
        return isUnwanted();
    }

    private void listen() throws IOException {
        synchronized (listening) {
            if (!isAnswered() && hasSpoken()) {
                readHeads();
            }
        }
    }

    /** Reads what has come while content is sent, up to the final response. */
    private void readHeads() throws IOException {
        try {
            do {
                ClassicHttpResponse head = head();
                if (head.getCode() < HttpStatus.SC_SUCCESS) {
                    held.add(head);
                } else {
                    early = head;
                }
            } while (!isAnswered() && isDataAvailable(AT_HAND));
        } catch (HttpException e) {
            earlyFailure = e;
        }
    }

    /**
     * Looks for an answer on another thread than the one that sends content, which may wait for its client, or for the server
     * to take more. True if it has been stopped: then its client must not be waited for either.
     */
    boolean listenBeside(long exchange) {
        synchronized (listening) {
            if (!sending || exchange != exchanges) {
                // By now the other thread reads.
                return false;
            }
            try {
                listen();
            } catch (IOException e) {
                earlyFailure = e;
            }
            return isUnwanted() && stopSending(exchange);
        }
    }

    /** Ends the sending of content if there is an answer; a write that waits is ended too. False if there is none. */
    boolean stopSending(long exchange) {
        synchronized (listening) {
            ApacheSocket current = socket;
            if (!isAnswered() || current == null || !isOpen() || exchange != exchanges) {
                return false;
            }
            if (sending && !stopped) {
                stopped = true;
                // Of the socket below TLS, whose own would wait for the write. What was framed stays without its end.
                current.shutDownOutput();
            }
            return true;
        }
    }

    /**
     * Closes the socket, whoever else is about to. Nothing can be written afterwards, not even the end of content, which the
     * library writes when it closes the stream of content that has failed.
     */
    void breakOff() {
        ApacheSocket current = socket;
        if (current != null) {
            current.breakOff();
        }
    }

    private @Nullable WatchedInput wire() {
        ApacheSocket current = socket;
        return current == null ? null : current.input();
    }

    /** The final response that has come before the content was sent, else the next head, be it interim. */
    ClassicHttpResponse nextHead() throws HttpException, IOException {
        passHeld();
        Exception failure = earlyFailure;
        if (failure instanceof IOException broken) {
            throw broken;
        }
        if (failure instanceof HttpException malformed) {
            throw malformed;
        }
        ClassicHttpResponse answer = early;
        if (answer != null) {
            return answer;
        }
        ClassicHttpResponse head = head();
        if (head.getCode() < HttpStatus.SC_SUCCESS) {
            pass(head);
        }
        return head;
    }

    private void passHeld() throws IOException {
        for (ClassicHttpResponse head = held.poll(); head != null; head = held.poll()) {
            pass(head);
        }
    }

    private ClassicHttpResponse head() throws HttpException, IOException {
        ClassicHttpResponse head = receiveResponseHeader();
        if (hasEnded()) {
            throw new ConnectionClosedException("the connection ended within a head");
        }
        if (head.getCode() < HttpStatus.SC_SUCCESS) {
            checkInterim(head);
        }
        return head;
    }

    private void checkInterim(ClassicHttpResponse head) throws HttpException {
        if (head.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
            // RFC 9110 §15.2.2: what follows would be in another one, also while content is sent.
            throw new ProtocolException("the server switches protocols unasked");
        }
        if (interim++ == MOST_INTERIM) {
            throw new ProtocolException("too many interim responses");
        }
    }

    private void pass(ClassicHttpResponse head) throws IOException {
        if (head.getCode() > HttpStatus.SC_CONTINUE) {
            try {
                onInterim.take(
                        head.getCode(),
                        EndToEndFields.ofResponse(ApacheAnswer.fields(head)).remove("Content-Length"));
            } catch (ProtocolException e) {
                earlyFailure = e;
            }
        }
    }

    /** True if the server has ended its side; bytes that came before may still be unread. */
    boolean hasEnded() {
        WatchedInput wire = wire();
        return wire != null && wire.ended;
    }

    /** True if bytes certainly can be read without waiting, beside those that the library has read already. */
    boolean isAtHand() throws IOException {
        WatchedInput current = wire();
        return current != null && current.available() > 0;
    }

    /** True if bytes have come that nobody has read; with TLS they may mean nothing. */
    boolean hasBytesWaiting() {
        SocketHolder holder = getSocketHolder();
        try {
            return holder != null && holder.getBaseSocket().getInputStream().available() > 0;
        } catch (IOException e) {
            // It is closed; whoever reads will see why.
            return false;
        }
    }

    /** As {@link #isAtHand}, also with TLS, which tells of nothing before it has decrypted it. */
    private boolean hasSpoken() throws IOException {
        boolean records = getSSLSession() != null && hasBytesWaiting();
        // A record may hold no content.
        return isAtHand() || (records && isDataAvailable(AT_HAND));
    }

    // ---- for the pool

    /** True also if bytes wait that belong to no answer: they would be taken for the head of the next one. */
    @Override
    public boolean isStale() throws IOException {
        return !isOpen() || isDataAvailable(AT_HAND) || hasEnded();
    }

    @Override
    protected void bind(SocketHolder holder) throws IOException {
        if (holder instanceof ApacheSocket watched) {
            socket = watched;
        }
        super.bind(holder);
        if (closed) {
            // Asked behind the binding: whoever closes at the same moment finds the socket, or is found here.
            super.close(CloseMode.IMMEDIATE);
            throw new InterruptedIOException("cancelled");
        }
        timeout = Timeout.ofMilliseconds(holder.getSocket().getSoTimeout());
    }

    @Override
    public void bind(Socket plain) throws IOException {
        bind(new ApacheSocket(plain));
    }

    @Override
    public void bind(SSLSocket tls, Socket plain) throws IOException {
        bind(new ApacheSocket(tls, plain));
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public void setSocketTimeout(Timeout value) {
        super.setSocketTimeout(value);
        timeout = value;
    }

    @Override
    public void passivate() {
        // It would keep the last exchange, with its request and response, for as long as the connection is idle.
        onInterim = NOBODY;
        forgetExchange();
        super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(timeout);
    }

    @Override
    public void close(CloseMode mode) {
        closed = true;
        super.close(mode);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}
