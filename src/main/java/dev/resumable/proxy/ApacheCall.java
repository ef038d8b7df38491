// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.ApacheAnswer.Reuse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One request over a connection of the pool: lease, connect, send, wait for the head. */
final class ApacheCall implements Upstream.Call {

    /** How long a server may think about "Expect: 100-continue" before the content is sent anyway (RFC 9110 §10.1.1). */
    private static final Duration CONTINUE_TIMEOUT = Duration.ofSeconds(3);

    private final ApacheUpstream upstream;
    private final UpstreamRequest request;
    private final List<InetAddress> addresses;
    private final Optional<RequestBody> body;
    private final Upstream.Interim interim;
    private final ContentWatch sending;
    private volatile boolean cancelled;
    private volatile @Nullable LeaseRequest lease;
    /** Whoever takes it out ends it, once: given back, its connection may be another request's at once. */
    private final AtomicReference<@Nullable ConnectionEndpoint> endpoint = new AtomicReference<>();

    private volatile @Nullable ApacheConnection connection;
    private volatile @Nullable ApacheAnswer answer;
    private boolean reused;
    private boolean contentSent;

    ApacheCall(
            ApacheUpstream upstream, AddressedRequest request, Optional<RequestBody> body, Upstream.Interim interim) {
        this.upstream = upstream;
        this.request = request.head();
        this.addresses = request.addresses();
        this.body = body;
        this.interim = interim;
        this.sending = new ContentWatch(upstream, body, this);
    }

    @Override
    public UpstreamResponse open() throws IOException {
        try {
            return attempt();
        } catch (UpstreamException e) {
            if (!mayBeRepeated(e)) {
                throw e;
            }
            upstream.forgetIdle();
            return attempt();
        }
    }

    /**
     * True if the server has closed an idle connection just when the request was sent on it (RFC 9110 §9.2.2, RFC 9112
     * §9.3.1): safe, without content, and not a byte of an answer.
     */
    private boolean mayBeRepeated(UpstreamException failure) {
        ApacheConnection used = connection;
        return failure.problem() == ProxyProblem.BAD_ANSWER
                && !cancelled
                && reused
                && body.isEmpty()
                && (request.method().equals("GET") || request.method().equals("HEAD"))
                && used != null
                && !used.hasAnswered();
    }

    private UpstreamResponse attempt() throws IOException {
        connection = null;
        try {
            ConnectionEndpoint connected = connect();
            ClassicHttpResponse response = connected.execute(null, head(), this::converse, HttpClientContext.create());
            Reuse reuse = contentSent ? Reuse.POSSIBLE : Reuse.RULED_OUT;
            ApacheAnswer got = ApacheAnswer.of(request.method(), response, reuse, currentConnection());
            answer = got;
            return got.head();
        } catch (ClientException | UpstreamException e) {
            breakOff();
            throw e;
        } catch (SocketTimeoutException e) {
            breakOff();
            throw new UpstreamException(ProxyProblem.TIMED_OUT, e);
        } catch (IOException e) {
            breakOff();
            throw new UpstreamException(sending.isStuck() ? ProxyProblem.TIMED_OUT : ProxyProblem.BAD_ANSWER, e);
        } catch (HttpException | IllegalStateException e) {
            // The latter is how the library says that the connection was closed by another thread.
            breakOff();
            throw new UpstreamException(ProxyProblem.BAD_ANSWER, String.valueOf(e.getMessage()));
        }
    }

    // ---- connect

    private ConnectionEndpoint connect() throws IOException {
        HttpHost host = new HttpHost(
                request.uri().scheme(), request.uri().host(), request.uri().port());
        if (addresses.isEmpty()) {
            return connect(host);
        }
        for (InetAddress address : addresses.subList(0, addresses.size() - 1)) {
            try {
                return connect(pinned(address));
            } catch (UpstreamException e) {
                breakOff();
                if (cancelled || e.problem() == ProxyProblem.OVERLOADED) {
                    throw e;
                }
            }
        }
        return connect(pinned(addresses.get(addresses.size() - 1)));
    }

    /** The address is part of the route, so a pooled connection of another address is never taken; TLS checks the name. */
    private HttpHost pinned(InetAddress address) {
        return new HttpHost(
                request.uri().scheme(),
                address,
                request.uri().host(),
                request.uri().port());
    }

    private ConnectionEndpoint connect(HttpHost host) throws IOException {
        ConnectionEndpoint leased =
                lease(new HttpRoute(host, null, host.getSchemeName().equals("https")));
        endpoint.set(leased);
        if (cancelled) {
            throw new UpstreamException(ProxyProblem.BAD_ANSWER, "cancelled");
        }
        try {
            if (!leased.isConnected()) {
                upstream.connections().connect(leased, null, HttpClientContext.create());
            }
            return leased;
        } catch (SocketTimeoutException e) {
            throw new UpstreamException(ProxyProblem.TIMED_OUT, e);
        } catch (IOException e) {
            throw new UpstreamException(ProxyProblem.UNREACHABLE, e);
        }
    }

    private ConnectionEndpoint lease(HttpRoute route) throws UpstreamException {
        Timeout patience = ApacheUpstream.timeout(upstream.config().leaseTimeout());
        LeaseRequest leasing = upstream.connections().lease("", route, patience, null);
        lease = leasing;
        try {
            return leasing.get(patience);
        } catch (TimeoutException e) {
            throw new UpstreamException(ProxyProblem.OVERLOADED, "no connection was free in time");
        } catch (ExecutionException e) {
            throw notLeased(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(ProxyProblem.UNREACHABLE, "interrupted");
        }
    }

    /** The pool has the same limit, and is sometimes the first to see that it is over. */
    static UpstreamException notLeased(ExecutionException failure) {
        ProxyProblem problem =
                failure.getCause() instanceof TimeoutException ? ProxyProblem.OVERLOADED : ProxyProblem.UNREACHABLE;
        return new UpstreamException(problem, "no connection: " + failure.getMessage());
    }

    // ---- send

    private ClassicHttpRequest head() {
        BasicClassicHttpRequest head = new BasicClassicHttpRequest(
                request.method(), (HttpHost) null, request.uri().requestTarget());
        if (!request.fields().contains("Host")) {
            head.addHeader("Host", request.uri().authority());
        }
        request.fields().lines().forEach(line -> head.addHeader(line.name(), line.value()));
        body.ifPresent(content -> {
            // RFC 9112 §6: framing of our own, exactly one kind of it.
            content.length()
                    .ifPresentOrElse(
                            length -> head.addHeader("Content-Length", Long.toString(length)),
                            () -> head.addHeader("Transfer-Encoding", "chunked"));
            head.setEntity(new ApacheContent(content, sending));
        });
        return head;
    }

    private ClassicHttpResponse converse(ClassicHttpRequest head, HttpClientConnection plain, HttpContext context)
            throws HttpException, IOException {
        ApacheConnection used = (ApacheConnection) plain;
        connection = used;
        reused = used.begin(interim);
        used.setSocketTimeout(ApacheUpstream.timeout(upstream.config().idleTimeout()));
        used.sendRequestHeader(head);
        boolean waiting = body.isPresent() && request.fields().tokens("Expect").contains("100-continue");
        contentSent = body.isEmpty();
        if (waiting) {
            used.flush();
            waiting = speaksInTime(used);
        }
        if (!waiting) {
            sendContent(used, head);
        }
        return finalHead(used, head);
    }

    /** Each interim response but 100 buys a server, which may never send that one, the same time again. */
    private static boolean speaksInTime(ApacheConnection used) throws IOException {
        return used.isDataAvailable(ApacheUpstream.timeout(CONTINUE_TIMEOUT));
    }

    private void sendContent(ApacheConnection used, ClassicHttpRequest head) throws HttpException, IOException {
        sending.begin(used);
        try {
            contentSent = used.sendContent(head);
        } finally {
            sending.end();
        }
    }

    /** Interim responses never become the answer. */
    private ClassicHttpResponse finalHead(ApacheConnection used, ClassicHttpRequest head)
            throws HttpException, IOException {
        ClassicHttpResponse next = used.nextHead();
        while (next.getCode() < HttpStatus.SC_SUCCESS) {
            if (!contentSent && (next.getCode() == HttpStatus.SC_CONTINUE || !speaksInTime(used))) {
                sendContent(used, head);
            }
            next = used.nextHead();
        }
        return next;
    }

    // ---- the answer

    private ApacheConnection currentConnection() {
        ApacheConnection used = connection;
        if (used == null) {
            throw new IllegalStateException("not open");
        }
        return used;
    }

    private ApacheAnswer currentAnswer() {
        ApacheAnswer got = answer;
        if (got == null) {
            throw new IllegalStateException("not open");
        }
        return got;
    }

    @Override
    public boolean hasSentContent() {
        return contentSent;
    }

    @Override
    public InputStream content() {
        return currentAnswer().content();
    }

    @Override
    public boolean hasMore() throws IOException {
        try {
            return currentAnswer().isAtHand() || currentConnection().isAtHand();
        } catch (IOException e) {
            throw new UpstreamException(ProxyProblem.BAD_ANSWER, e);
        }
    }

    @Override
    public boolean await(Duration time) throws IOException {
        if (currentAnswer().isBodiless()) {
            return true;
        }
        try {
            ApacheConnection used = currentConnection();
            boolean come = time.isZero() ? hasMore() : used.isDataAvailable(patience(time));
            return come || used.hasEnded();
        } catch (IOException e) {
            throw new UpstreamException(ProxyProblem.BAD_ANSWER, e);
        }
    }

    /** To a socket no time at all is for ever. */
    private Timeout patience(Duration time) {
        long idle = upstream.config().idleTimeout().toMillis();
        return Timeout.ofMilliseconds(Math.max(1, Math.min(time.toMillis(), idle)));
    }

    @Override
    public List<String> announcedTrailers() {
        return currentAnswer().announcedTrailers();
    }

    @Override
    public FieldSection trailers() {
        return currentAnswer().trailers();
    }

    // ---- the end

    @Override
    public void release() {
        ApacheAnswer got = answer;
        if (got == null || !got.isReusable()) {
            breakOff();
            return;
        }
        ConnectionEndpoint leased = endpoint.getAndSet(null);
        if (leased != null) {
            upstream.connections().release(leased, null, TimeValue.NEG_ONE_MILLISECOND);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        breakOff();
    }

    /** Closes the socket first: to close a stream of the library is to read the rest of it. */
    private void breakOff() {
        LeaseRequest leasing = lease;
        if (leasing != null) {
            leasing.cancel();
        }
        ConnectionEndpoint leased = endpoint.getAndSet(null);
        if (leased != null) {
            leased.close(CloseMode.IMMEDIATE);
            upstream.connections().release(leased, null, TimeValue.ZERO_MILLISECONDS);
        }
    }
}
