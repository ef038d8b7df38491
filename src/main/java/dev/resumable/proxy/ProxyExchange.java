// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.content.FilteredResponse;
import dev.resumable.proxy.ClientException.Reason;
import dev.resumable.proxy.Targets.Found;
import dev.resumable.proxy.Targets.NotFound;
import dev.resumable.servlet.Container;
import dev.resumable.servlet.HeadLimit;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The story of one request: clean its fields, find the target, send it, clean the fields of the answer, relay its content.
 *
 * <p>Nothing is written before the first bytes of the content are there, or the flush deadline is over; so an early failure of
 * the server can still be told as one. After that a failure must be seen as a broken answer (RFC 9112 §8), never as its end.
 */
final class ProxyExchange {

    private static final Logger LOG = System.getLogger(ProxyExchange.class.getName());
    private static final int BUFFER = RelayOutput.MOST;

    private static final Upstream.Interim NO_INTERIM = (status, fields) -> {};

    private final RunningProxy proxy;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Optional<FilteredResponse> filter;
    private final ClientPatience patience;
    private final TargetLimits limits;
    private final PassedHeads heads;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile Upstream.@Nullable Call call;
    private volatile boolean clientLeft;
    private Optional<RequestBody> body = Optional.empty();
    private boolean headWritten;

    /** How an exchange has ended. */
    sealed interface Ending {}

    /** The client has a whole answer. */
    record Answered() implements Ending {}

    /** The client has a part of an answer, or left: the exception must reach the container, which breaks the connection. */
    record BrokenOff(IOException failure) implements Ending {}

    ProxyExchange(RunningProxy proxy, HttpServletRequest request, HttpServletResponse response) {
        this.proxy = proxy;
        this.request = request;
        this.response = response;
        this.filter = FilteredResponse.in(response);
        this.patience = new ClientPatience(request, proxy.config().clientIdleTimeout(), this::cancel);
        this.limits = new TargetLimits(proxy.config(), this::cancel);
        this.heads = new PassedHeads(proxy, request);
    }

    Ending run() {
        proxy.exchanges().add(this);
        try {
            patience.open();
            return pass();
        } catch (ClientException e) {
            return left(e);
        } catch (UpstreamException e) {
            // When the client is given up, or is seen to leave, the call is broken off.
            if (patience.isOver()) {
                return left(ClientException.timedOut());
            }
            if (clientLeft) {
                return left(ClientException.of(e));
            }
            return broke(limits.isOver() ? new UpstreamException(ProxyProblem.TIMED_OUT, "the time is up") : e);
        } catch (IOException | RuntimeException e) {
            if (clientLeft) {
                // Containers take their objects out of our hands then.
                return left(ClientException.of(e));
            }
            LOG.log(Level.WARNING, "a request could not be passed on", e);
            return failed(new UpstreamException(ProxyProblem.BAD_ANSWER, "the answer cannot be passed on"));
        } finally {
            end();
            patience.close();
            limits.close();
            proxy.exchanges().remove(this);
        }
    }

    private Ending pass() throws IOException {
        if (!isFramedClearly()) {
            return refuseAndClose();
        }
        if (isLastHop()) {
            return answerHere();
        }
        Targets.Choice choice = proxy.targets().choose(request);
        if (choice instanceof NotFound notFound) {
            return refuse(notFound.problem());
        }
        Found target = (Found) choice;
        limits.begin(target);
        body = RequestBody.of(request, patience);
        Optional<AddressedRequest> outgoing = addressed(heads.outgoing(target, body), target);
        if (outgoing.isEmpty()) {
            return refuse(ProxyProblem.TARGET_REFUSED);
        }
        Upstream.Call sent = send(outgoing.get(), body, interim(target));
        UpstreamResponse received = sent.open();
        if (!sent.hasSentContent()) {
            closeBehindRefusal();
        }
        InputStream content = contentOf(sent, outgoing.get(), received);
        List<String> trailers = target.origin() == Found.Origin.REQUEST ? List.of() : sent.announcedTrailers();
        relay(limits.limited(content, received, request.getMethod()), heads.incoming(received, target), trailers);
        return new Answered();
    }

    /**
     * RFC 9112 §6.1: a request with both may be meant to be read in two ways. A coding that is not undone would be lost, and
     * some containers find no content behind it. HTTP/1.0 has no codings: one in it comes from a peer that may see another end.
     */
    private boolean isFramedClearly() {
        List<String> codings = Collections.list(request.getHeaders("Transfer-Encoding"));
        return codings.isEmpty()
                || (codings.size() == 1
                        && codings.get(0).strip().equalsIgnoreCase("chunked")
                        && !request.getProtocol().equals("HTTP/1.0")
                        && request.getHeader("Content-Length") == null);
    }

    /** RFC 9110 §7.6.2: a request that looks at the way ends where its count does. */
    private boolean isLastHop() {
        return heads.hopsLeft().equals(OptionalLong.of(0));
    }

    private Ending answerHere() {
        if (request.getMethod().equals("TRACE")) {
            return refuse(ProxyProblem.METHOD_REFUSED);
        }
        response.setContentLengthLong(0);
        return new Answered();
    }

    // ---- the request

    /** With the only addresses that it may be sent to; nothing if the target is refused. */
    private Optional<AddressedRequest> addressed(UpstreamRequest outgoing, Found target) {
        Optional<List<InetAddress>> addresses = target.origin() == Found.Origin.DEPLOYER
                ? Optional.of(List.of())
                : proxy.policy().addressesOf(outgoing.uri(), request);
        return addresses.map(allowed -> new AddressedRequest(outgoing, allowed));
    }

    private Upstream.Call send(AddressedRequest outgoing, Optional<RequestBody> content, Upstream.Interim interim) {
        Upstream.Call made = proxy.upstream().call(outgoing, content, interim);
        call = made;
        if (isCancelled()) {
            made.cancel();
        }
        return made;
    }

    // ---- the answer

    /** Hints of a server that the request has chosen would act on this one's origin. */
    private Upstream.Interim interim(Found target) {
        return target.origin() == Found.Origin.REQUEST ? NO_INTERIM : this::passInterim;
    }

    /** What a container cannot send of a hint is no reason to lose the answer. */
    private void passInterim(int status, FieldSection fields) throws IOException {
        FieldSection passed = heads.interim(fields);
        try {
            patience.within(() -> AnswerHead.writeInterim(status, passed, request, response));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "an interim response could not be passed on: {0}", e.toString());
        }
    }

    /** The content of an answer, which goes on where it breaks if that can be done exactly. */
    private InputStream contentOf(Upstream.Call sent, AddressedRequest outgoing, UpstreamResponse received) {
        // The content of a request is gone once it was sent.
        boolean possible = proxy.config().resumeTries() > 0 && body.isEmpty();
        Optional<ResumePlan> plan = possible ? ResumePlan.of(outgoing.head(), received) : Optional.empty();
        return plan.<InputStream>map(found -> new ResumingBody(
                        found,
                        outgoing.head(),
                        sent,
                        again -> isCancelled()
                                ? Optional.empty()
                                : Optional.of(send(outgoing.with(again), Optional.empty(), NO_INTERIM)),
                        cancelled,
                        proxy.config(),
                        proxy.events()))
                .orElseGet(sent::content);
    }

    private void relay(InputStream content, UpstreamResponse answer, List<String> trailers) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int got = current().await(flushDeadline(answer)) ? content.read(buffer) : 0;
        writeHead(answer, trailers);
        RelayOutput out = new RelayOutput(response, patience);
        long left = answer.length().orElse(Long.MAX_VALUE);
        while (got >= 0) {
            left -= got;
            out.write(buffer, got);
            if (left > BUFFER && isEnough()) {
                // A filter in front cuts the answer, and its client has its part: to read on would cost more than a
                // connection.
                return;
            }
            if (left > 0 && !current().hasMore()) {
                flush();
            }
            got = content.read(buffer);
        }
        if (!current().hasSentContent()) {
            // Some containers would wait for the rest of the content before they end their answer (RFC 9112 §9.6).
            closeOutput();
        }
        current().release();
    }

    private void closeOutput() throws ClientException {
        patience.within(() -> {
            response.getOutputStream().close();
            return 0;
        });
    }

    private boolean isEnough() {
        return filter.isPresent() && filter.get().endsHere();
    }

    private Duration flushDeadline(UpstreamResponse answer) {
        boolean events = answer.fields()
                .first("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .isPresent();
        return events ? Duration.ofMillis(1) : proxy.config().flushDeadline();
    }

    private void writeHead(UpstreamResponse answer, List<String> trailers) throws IOException {
        headWritten = true;
        AnswerHead.write(answer, response);
        int announced = trailers.stream()
                        .mapToInt(name -> name.length() + ", ".length())
                        .sum()
                + "Trailer: ".length();
        if (HeadLimit.isExceeded(request, response, announced)) {
            throw new UpstreamException(ProxyProblem.BAD_ANSWER, "the head is longer than the container can send");
        }
        if (!trailers.isEmpty() && !request.getProtocol().equals("HTTP/1.0")) {
            AnswerHead.announce(trailers, current()::trailers, response);
            // Or a container that still holds all of the content would count it, and send no trailers.
            flush();
        }
        if (request.getMethod().equals("HEAD") || answer.status() == HttpServletResponse.SC_NOT_MODIFIED) {
            // RFC 9110 §8.6: or a container would count the content that there is not, and say 0. And over HTTP/2 one
            // never ends an answer to HEAD that async completes before it was committed.
            flush();
        }
    }

    private void flush() throws ClientException {
        patience.within(() -> {
            response.flushBuffer();
            return 0;
        });
    }

    private Upstream.Call current() {
        Upstream.Call made = call;
        if (made == null) {
            throw new IllegalStateException("not sent");
        }
        return made;
    }

    // ---- the end

    private Ending left(ClientException failure) {
        LOG.log(Level.DEBUG, "the client left: {0}", failure.toString());
        proxy.events().clientAborted();
        return failed(failure);
    }

    private Ending broke(UpstreamException failure) {
        LOG.log(Level.DEBUG, "the upstream server failed: {0}", failure.toString());
        return failed(failure);
    }

    /** The client has left or sent malformed content, which it may be told as long as it has no answer. */
    private Ending failed(ClientException failure) {
        if (headWritten || clientLeft) {
            return new BrokenOff(failure.original());
        }
        if (response.isCommitted()) {
            // Tomcat has answered malformed chunks itself, and would show this exception as well as one that is thrown.
            request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
            return new Answered();
        }
        return failure.reason() == Reason.TIMED_OUT ? timedOut(failure) : refuseAndClose();
    }

    private Ending refuseAndClose() {
        closeBehindAnswer();
        return refuse(ProxyProblem.BAD_REQUEST);
    }

    /** RFC 9112 §9.3: where the next request begins is not known. */
    private void closeBehindAnswer() {
        if (request.getProtocol().startsWith("HTTP/1")) {
            response.setHeader("Connection", "close");
        }
    }

    /**
     * RFC 9112 §9.3: the client learns that it need not send the rest. Tomcat closes by itself if there is much of that, and takes
     * a little; told to close it would do so over unread content, which may cost the client its answer.
     */
    private void closeBehindRefusal() {
        if (Container.of(response) != Container.TOMCAT) {
            closeBehindAnswer();
        }
    }

    /** Some containers would wait for the rest of the content behind their answer (RFC 9110 §15.5.9). */
    private Ending timedOut(ClientException failure) {
        closeBehindAnswer();
        refuse(ProxyProblem.CLIENT_TIMED_OUT);
        Container.flush(response);
        return new BrokenOff(failure.original());
    }

    private Ending failed(UpstreamException failure) {
        // What a filter in front still holds may be taken back.
        boolean takenBack =
                response.isCommitted() && filter.isPresent() && filter.get().takeBack();
        if (response.isCommitted()) {
            return new BrokenOff(failure);
        }
        if (headWritten && !takenBack) {
            response.reset();
        }
        if (call != null && !call.hasSentContent()) {
            closeBehindRefusal();
        }
        return refuse(failure.problem());
    }

    private Ending refuse(ProxyProblem problem) {
        try {
            ProblemAnswer.give(proxy.config().hooks(), request, response, problem);
            return new Answered();
        } catch (IOException e) {
            return new BrokenOff(e);
        }
    }

    /** Breaks off what was not given back. */
    private void end() {
        Upstream.Call made = call;
        if (made != null) {
            made.cancel();
        }
    }

    /** The servlet stops: the upstream server is told at once. */
    void cancel() {
        cancelled.countDown();
        end();
    }

    private boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** The container has noticed it: likewise. */
    void clientLeft() {
        clientLeft = true;
        cancel();
    }
}
