// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.content.FilteredResponse;
import dev.resumable.proxy.ProxyConfig.Switch;
import dev.resumable.proxy.Targets.Found;
import dev.resumable.proxy.Targets.NotFound;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The story of one request: clean its fields, find the target, send it, clean the fields of the answer, relay its content.
 *
 * <p>Nothing is written before the first bytes of the content are there, or the flush deadline is over; so an early failure of
 * the server can still be told as one. After that a failure must be seen as a broken answer (RFC 9112 §8), never as its end.
 */
final class ProxyExchange {

    private static final Logger LOG = System.getLogger(ProxyExchange.class.getName());
    private static final int BUFFER = 64 * 1024;

    private final RunningProxy proxy;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Optional<FilteredResponse> filter;
    private volatile Upstream.@Nullable Call call;
    private volatile boolean cancelled;
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
    }

    Ending run() {
        proxy.exchanges().add(this);
        try {
            return pass();
        } catch (ClientException e) {
            LOG.log(Level.DEBUG, "the client left: {0}", e.toString());
            return failed(e);
        } catch (UpstreamException e) {
            LOG.log(Level.DEBUG, "the upstream server failed: {0}", e.toString());
            return failed(e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "a request could not be passed on", e);
            return failed(new UpstreamException(ProxyProblem.BAD_ANSWER, e.toString()));
        } finally {
            end();
            proxy.exchanges().remove(this);
        }
    }

    private Ending pass() throws IOException {
        if (!isFramedClearly()) {
            return refuse(ProxyProblem.BAD_REQUEST);
        }
        if (isLastHop()) {
            return answerHere();
        }
        Targets.Choice choice = proxy.targets().choose(request);
        if (choice instanceof NotFound notFound) {
            return refuse(notFound.problem());
        }
        Found target = (Found) choice;
        Optional<AddressedRequest> outgoing = addressed(outgoing(target), target);
        if (outgoing.isEmpty()) {
            return refuse(ProxyProblem.TARGET_REFUSED);
        }
        Upstream.Call sent = send(outgoing.get(), RequestBody.of(request));
        UpstreamResponse received = sent.open();
        relay(contentOf(sent, outgoing.get(), received), incoming(received, target));
        return new Answered();
    }

    /** RFC 9112 §6.1: a request with both may be meant to be read in two ways. */
    private boolean isFramedClearly() {
        return request.getHeader("Transfer-Encoding") == null || request.getHeader("Content-Length") == null;
    }

    /** RFC 9110 §7.6.2: a request that looks at the way ends where its count does. */
    private boolean isLastHop() {
        return hopsLeft().equals(OptionalLong.of(0));
    }

    /** What Max-Forwards says; nothing for methods where it has no meaning, and if it is no number. */
    private OptionalLong hopsLeft() {
        boolean looksAtTheWay =
                request.getMethod().equals("OPTIONS") || request.getMethod().equals("TRACE");
        return looksAtTheWay
                ? FieldSection.number(Optional.ofNullable(request.getHeader("Max-Forwards")))
                : OptionalLong.empty();
    }

    private Ending answerHere() {
        if (request.getMethod().equals("TRACE")) {
            return refuse(ProxyProblem.METHOD_REFUSED);
        }
        response.setContentLengthLong(0);
        return new Answered();
    }

    // ---- the request

    private UpstreamRequest outgoing(Found target) {
        FieldSection fields = EndToEndFields.ofRequest(request);
        if (RequestBody.of(request).isEmpty() || request.getProtocol().equals("HTTP/1.0")) {
            // RFC 9110 §10.1.1: without content there is nothing to wait for, and such clients do not wait.
            fields.remove("Expect");
        }
        hopsLeft().ifPresent(hops -> fields.set("Max-Forwards", Long.toString(hops - 1)));
        if (target.origin() == Found.Origin.REQUEST) {
            TargetPolicy.cleanRequest(fields);
        }
        proxy.forwarded().clean(fields);
        proxy.config().requestFields().forEach(rule -> rule.applyTo(fields));
        if (proxy.config().preserveHost() == Switch.ON) {
            ForwardedFields.hostOf(request).ifPresent(host -> fields.set("Host", host));
        }
        if (target.origin() == Found.Origin.DEPLOYER) {
            proxy.forwarded().tellOfClient(fields, request);
        }
        proxy.forwarded().addVia(fields, request);
        UpstreamRequest outgoing = new UpstreamRequest(request.getMethod(), target.uri(), fields);
        UpstreamRequest changed = proxy.config().hooks().rewriteRequest().rewrite(request, outgoing);
        return changed.with(EndToEndFields.ofChangedRequest(changed.fields()));
    }

    /** With the only addresses that it may be sent to; nothing if the target is refused. */
    private Optional<AddressedRequest> addressed(UpstreamRequest outgoing, Found target) {
        Optional<List<InetAddress>> addresses = target.origin() == Found.Origin.DEPLOYER
                ? Optional.of(List.of())
                : proxy.policy().addressesOf(outgoing.uri(), request);
        return addresses.map(allowed -> new AddressedRequest(outgoing, allowed));
    }

    private Upstream.Call send(AddressedRequest outgoing, Optional<RequestBody> body) {
        Upstream.Call made = proxy.upstream().call(outgoing, body);
        call = made;
        if (cancelled) {
            made.cancel();
        }
        return made;
    }

    // ---- the answer

    private UpstreamResponse incoming(UpstreamResponse received, Found target) {
        FieldSection fields = received.fields().copy();
        PublicLocations locations = new PublicLocations(target.base(), target.publicPrefix());
        if (target.origin() == Found.Origin.REQUEST) {
            TargetPolicy.cleanResponse(fields);
        } else {
            if (proxy.config().rewriteLocations() == Switch.ON) {
                locations.rewriteLocations(fields);
            }
            if (proxy.config().rewriteCookies() == Switch.ON) {
                locations.rewriteCookies(fields);
            }
        }
        proxy.config().responseFields().forEach(rule -> rule.applyTo(fields));
        proxy.forwarded().addVia(fields, received.version());
        UpstreamResponse answer =
                new UpstreamResponse(received.version(), received.status(), fields, received.length());
        UpstreamResponse changed = proxy.config().hooks().rewriteResponse().rewrite(request, answer);
        return new UpstreamResponse(
                received.version(),
                changed.status(),
                EndToEndFields.ofChangedResponse(changed.fields()),
                received.length());
    }

    /** The content of an answer, which goes on where it breaks if that can be done exactly. */
    private InputStream contentOf(Upstream.Call sent, AddressedRequest outgoing, UpstreamResponse received) {
        // The content of a request is gone once it was sent.
        boolean possible =
                proxy.config().resumeTries() > 0 && RequestBody.of(request).isEmpty();
        Optional<ResumePlan> plan = possible ? ResumePlan.of(outgoing.head(), received) : Optional.empty();
        return plan.<InputStream>map(found -> new ResumingBody(
                        found,
                        outgoing.head(),
                        sent,
                        again -> cancelled
                                ? Optional.empty()
                                : Optional.of(send(outgoing.with(again), Optional.empty())),
                        proxy.config(),
                        proxy.events()))
                .orElseGet(sent::content);
    }

    private void relay(InputStream content, UpstreamResponse answer) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int got = current().await(flushDeadline(answer)) ? content.read(buffer) : 0;
        writeHead(answer);
        long left = answer.length().orElse(Long.MAX_VALUE);
        while (got >= 0) {
            left -= got;
            write(buffer, got);
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
        current().release();
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

    private void writeHead(UpstreamResponse answer) throws IOException {
        headWritten = true;
        AnswerHead.write(answer, response);
        Upstream.Call sent = current();
        List<String> announced = sent.announcedTrailers();
        if (!announced.isEmpty() && !request.getProtocol().equals("HTTP/1.0")) {
            AnswerHead.announce(announced, sent::trailers, response);
            // Or a container that still holds all of the content would count it, and send no trailers.
            flush();
        }
        if (request.getMethod().equals("HEAD") || answer.status() == HttpServletResponse.SC_NOT_MODIFIED) {
            // RFC 9110 §8.6: or a container would count the content that there is not, and say 0. And over HTTP/2 one
            // never ends an answer to HEAD that async completes before it was committed.
            flush();
        }
    }

    private void write(byte[] bytes, int count) throws ClientException {
        try {
            response.getOutputStream().write(bytes, 0, count);
        } catch (IOException e) {
            throw new ClientException(e);
        }
    }

    private void flush() throws ClientException {
        try {
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientException(e);
        }
    }

    private Upstream.Call current() {
        Upstream.Call made = call;
        if (made == null) {
            throw new IllegalStateException("not sent");
        }
        return made;
    }

    // ---- the end

    /** The client has left or sent malformed content, which it may be told as long as it has no answer. */
    private Ending failed(ClientException failure) {
        if (headWritten) {
            return new BrokenOff(failure.original());
        }
        if (response.isCommitted()) {
            // Tomcat has answered malformed chunks itself, and would show this exception as well as one that is thrown.
            request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
            return new Answered();
        }
        if (request.getProtocol().startsWith("HTTP/1")) {
            // RFC 9112 §9.3: where its next request begins is not known.
            response.setHeader("Connection", "close");
        }
        return refuse(ProxyProblem.BAD_REQUEST);
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

    /** The client has left, or the servlet stops: the upstream server is told at once. */
    void cancel() {
        cancelled = true;
        end();
    }
}
