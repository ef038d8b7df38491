// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The story of one request: run the application behind wrappers, and finish once.
 *
 * <p>What becomes of the body is told by {@link ObservedBody}. The exchange ends where the container would end the response:
 * when the pass of REQUEST, FORWARD or ASYNC returns, or in {@link AsyncContext#complete()}. After a FORWARD it cannot wait
 * for the outer pass, since one container suspends the response at the end of every forward.
 */
final class RangeExchange {

    private static final Logger LOG = System.getLogger(RangeExchange.class.getName());
    private static final String ATTRIBUTE = RangeExchange.class.getName();

    private final Transfers transfers;
    private final ContentRequest asked;
    private final HttpServletRequest original;
    private final ObservedRequest request;
    private final ObservedResponse response;
    private final ObservedBody body;
    private final AtomicBoolean over = new AtomicBoolean();
    private final EagerWrites eagerWrites;
    private HttpServletRequest target;
    private volatile @Nullable ObservedAsyncContext asyncContext;
    private volatile @Nullable Exception failure;

    RangeExchange(Transfers transfers, HttpServletRequest request, HttpServletResponse response) {
        this.transfers = transfers;
        this.asked = ContentRequest.of(request);
        this.original = request;
        this.target = request;
        this.request = new ObservedRequest(request, this);
        this.response = new ObservedResponse(response, this);
        this.body = new ObservedBody(new BodyChoice(transfers, asked, this.response, () -> target), this.response);
        this.eagerWrites = new EagerWrites(body::breakOff);
    }

    /** The exchange that an outer pass of the filter has begun on this request. */
    static Optional<RangeExchange> begunOn(ServletRequest request) {
        return Optional.ofNullable((RangeExchange) request.getAttribute(ATTRIBUTE));
    }

    /** The first pass. */
    void run(FilterChain chain) throws IOException, ServletException {
        if (original.getDispatcherType() == DispatcherType.REQUEST && answerFile()) {
            return;
        }
        original.setAttribute(ATTRIBUTE, this);
        pass(request, response, chain);
    }

    /** A further pass, after a forward or an async dispatch; request and response are ours or the application's around them. */
    void goOn(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        ObservedBody.rethrow(failure);
        if (passed.getDispatcherType() == DispatcherType.REQUEST) {
            // Mapped twice: the outer pass does all.
            chain.doFilter(passed, passedResponse);
            return;
        }
        target = passed;
        if (passed.getDispatcherType() == DispatcherType.FORWARD && !response.isCommitted()) {
            // Not every container clears the buffer of a wrapper before it forwards.
            response.resetBuffer();
        }
        pass(passed, passedResponse, chain);
    }

    private void pass(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        try {
            eagerWrites.passBegins();
            chain.doFilter(passed, passedResponse);
            eagerWrites.passEnds();
            if (!passed.isAsyncStarted()) {
                finish();
            }
        } catch (Throwable e) {
            fail();
            throw e;
        }
    }

    /** Answers a plain file without the application, where the container's rules allow it. */
    private boolean answerFile() throws IOException {
        Optional<Path> file = transfers.staticFiles().directlyAnswered(original);
        if (file.isEmpty()) {
            return false;
        }
        Optional<String> contentType = transfers.staticFiles().contentType(file.get());
        try {
            transfers.files().send(file.get(), contentType, asked, response.below());
            return true;
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Thrown before anything is written: the container has its own answer to that.
            return false;
        }
    }

    // ---- what the wrappers report

    ObservedRequest request() {
        return request;
    }

    ObservedResponse response() {
        return response;
    }

    ObservedBody body() {
        return body;
    }

    /** Our view of an async context; from here on the exchange is told when the container ends it. */
    ObservedAsyncContext observe(AsyncContext context) {
        if (context instanceof ObservedAsyncContext observed) {
            return observed;
        }
        ObservedAsyncContext known = asyncContext;
        if (known == null || !known.observes(context)) {
            known = new ObservedAsyncContext(context, this);
            asyncContext = known;
            context.addListener(new AbandonedExchange(this));
        }
        return known;
    }

    boolean isReady() throws IOException {
        // A container asked for readiness without a listener of its own says no for good, or throws.
        return eagerWrites.serveListener() || body.isReady();
    }

    /** While we hold the body a write never blocks, so the listener is called once and finds the stream ready to the end. */
    void setWriteListener(WriteListener listener) throws IOException {
        if (body.mayBeHeld()) {
            eagerWrites.register(listener, asyncContext);
        } else {
            body.handOver(listener);
        }
    }

    // ---- the end

    /** Ends an async exchange: a failure is thrown in a dispatched pass, where every container makes it visible. */
    void complete(AsyncContext context) {
        try {
            finish();
        } catch (IOException | RuntimeException e) {
            failure = e;
            abort(context);
            return;
        }
        context.complete();
    }

    private void abort(AsyncContext context) {
        try {
            fail();
            context.dispatch();
        } catch (IllegalStateException e) {
            // The container has noticed before us, a client that left for one, and has ended the exchange.
            LOG.log(Level.DEBUG, "an exchange that failed was over already: {0}", String.valueOf(failure));
        }
    }

    /** Once only; whoever comes second waits, or it would let the container end an answer that is still being written. */
    private synchronized void finish() throws IOException {
        if (over.get()) {
            return;
        }
        response.drainWriter();
        if (over.compareAndSet(false, true)) {
            body.finish();
        }
    }

    /** Leaves nothing on the response that would label or cut the container's error page. */
    private void fail() {
        boolean headWritten = body.hasHead();
        abandon();
        if (headWritten && !response.below().isCommitted()) {
            response.below().reset();
        }
    }

    /** Ends without an answer of ours; safe to call at any time, by any thread. */
    void abandon() {
        over.set(true);
        body.abandon();
    }
}
