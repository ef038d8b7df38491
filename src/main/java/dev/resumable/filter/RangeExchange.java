// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.filter.RangeAwareServlets.Awareness;
import dev.resumable.http.RequestMethod;
import dev.resumable.servlet.Container;
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
    private final ExchangeOutcome outcome;
    private final ObservedBody body;
    private final AtomicBoolean over = new AtomicBoolean();
    private final EagerWrites eagerWrites;
    private final Passes passes = new Passes();
    private volatile HttpServletRequest target;
    private volatile String dispatchedPath;
    private volatile @Nullable ObservedAsyncContext asyncContext;
    private volatile @Nullable Exception failure;
    private volatile @Nullable Thread timeoutThread;

    RangeExchange(Transfers transfers, HttpServletRequest request, HttpServletResponse response, Awareness awareness) {
        this.transfers = transfers;
        this.asked = ContentRequest.of(request);
        this.original = request;
        this.target = request;
        this.dispatchedPath = pathOf(request);
        this.request = new ObservedRequest(request, asked.conditions(), this, awareness);
        this.response = new ObservedResponse(response, this);
        this.outcome = new ExchangeOutcome(transfers, asked.method(), request, response);
        BodyChoice choice =
                new BodyChoice(transfers, asked, this.response, outcome, () -> target, this.request.sight());
        this.body = new ObservedBody(choice, this.response, transfers.spools().heap());
        this.eagerWrites = new EagerWrites(body::breakOff);
    }

    private static String pathOf(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    /** The exchange that an outer pass of the filter has begun on this request. */
    static Optional<RangeExchange> begunOn(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof RangeExchange known ? Optional.of(known) : Optional.empty();
    }

    /** True after a forward from another web application whose own copy of the filter has begun; that one finishes. */
    static boolean isBegunElsewhere(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null && begunOn(request).isEmpty();
    }

    /** The first pass. */
    void run(FilterChain chain) throws IOException, ServletException {
        if (original.getDispatcherType() == DispatcherType.REQUEST
                && new DirectAnswer(transfers, asked, outcome).send(original, response)) {
            return;
        }
        original.setAttribute(ATTRIBUTE, this);
        pass(request, response, chain);
    }

    /** A further pass, after a forward or an async dispatch; request and response are ours or the application's around them. */
    void goOn(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        Exception failed = failure;
        if (failed != null) {
            fail();
            if (!response.below().isCommitted()) {
                refuse(failed);
                return;
            }
            ObservedBody.rethrow(failed);
        }
        switch (passed.getDispatcherType()) {
            case FORWARD -> prepareForward();
            case ASYNC -> {
                timeoutThread = null;
                dispatchedPath = pathOf(passed);
            }
            default -> {
                // Mapped twice: the outer pass does all.
                chain.doFilter(passed, passedResponse);
                return;
            }
        }
        target = passed;
        pass(passed, passedResponse, chain);
    }

    private void prepareForward() {
        if (!response.isCommitted()) {
            response.resetForForward();
        } else if (!over.get()) {
            // Containers that ask the response below us have not seen the virtual commit.
            throw new IllegalStateException("forward after the response was committed");
        }
    }

    private void pass(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        if (passes.begin()) {
            eagerWrites.passBegins();
        }
        boolean outermost = false;
        try {
            try {
                chain.doFilter(passed, passedResponse);
            } finally {
                outermost = passes.end();
            }
            if (outermost) {
                endOutermost(passed);
            } else if (!passed.isAsyncStarted() && !passes.isCompleting()) {
                endForward(passedResponse);
            }
        } catch (Throwable e) {
            outcome.applicationThrew(e);
            if (outermost && passed.isAsyncStarted()) {
                takeOver();
            }
            if (!mayStillBeAnswered(passed)) {
                fail();
                if (passed.isAsyncStarted()) {
                    // Whoever completes now, a listener for one, must not make an empty 200 of it.
                    response.below().setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
                }
            }
            throw e;
        }
    }

    /** True if a listener of the application's async context will be told of a failure, and nothing is sent yet. */
    private boolean mayStillBeAnswered(HttpServletRequest passed) {
        ObservedAsyncContext context = asyncContext;
        return passed.isAsyncStarted()
                && !passes.isCompleting()
                && context != null
                && context.hasListeners()
                && !response.below().isCommitted();
    }

    private void endOutermost(HttpServletRequest passed) throws IOException {
        eagerWrites.passEnds();
        Optional<AsyncContext> completing = passes.takeCompletion();
        if (completing.isPresent()) {
            finishOrRefuse();
            completing.get().complete();
        } else if (!passed.isAsyncStarted()) {
            finish();
        }
    }

    /**
     * Finishes now, since one container suspends the response when the forward returns; unless the application has forwarded
     * with a wrapper of its own that has kept everything, to write it later.
     */
    private void endForward(ServletResponse passedResponse) throws IOException {
        if (passedResponse != response) {
            Container.closeAfterForward(passedResponse);
        }
        if (passedResponse == response || response.isCommitted() || body.hasTakenBytes()) {
            finish();
        }
    }

    /** True if it is the container's own servlet for files that runs now, maybe after a forward. */
    boolean isAtDefaultServlet() {
        return transfers.staticFiles().isDefaultServlet(target);
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

    ExchangeOutcome outcome() {
        return outcome;
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

    /** An async cycle has begun with this response; {@code path} is where its dispatch() must lead, if we have to say so. */
    ObservedAsyncContext started(AsyncContext context, ServletResponse with, Optional<String> path) {
        ObservedAsyncContext observed = observe(context);
        observed.startedWith(with, path);
        return observed;
    }

    /**
     * Where a dispatch without a path leads: to what the container has dispatched last, even after a forward. We start async
     * with a request, of which the container would take the target of the forward.
     */
    Optional<String> redispatchPath(HttpServletRequest current) {
        return pathOf(current).equals(dispatchedPath) ? Optional.empty() : Optional.of(dispatchedPath);
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
        if (isTooLate()) {
            // The container is ending the exchange; a second end beside it would be mixed with the first.
            return;
        }
        if (passes.isCompleting() && Container.of(response) == Container.OTHER) {
            // As Tomcat has it; others do not mind.
            throw new IllegalStateException("complete() was called twice");
        }
        if (passes.deferCompletion(context)) {
            return;
        }
        try {
            finish();
        } catch (IOException | RuntimeException e) {
            failure = e;
            abort(context);
            return;
        }
        leaveTo(context::complete);
    }

    /** Lets the container go on, unless it has ended the exchange: then its objects may be another request's by now. */
    private synchronized void leaveTo(Runnable container) {
        if (!isTooLate()) {
            container.run();
        }
    }

    private void abort(AsyncContext context) {
        // The response is left alone here: on a thread of the application it may be another request's by now.
        abandon();
        try {
            leaveTo(context::dispatch);
        } catch (IllegalStateException e) {
            // The container has noticed before us, a client that left for one, and has ended the exchange.
            LOG.log(Level.DEBUG, "an exchange that failed was over already: {0}", String.valueOf(failure));
        }
    }

    /** Within async, an exception would be a closed connection on one container; so it is an error page while it can be. */
    private void finishOrRefuse() throws IOException {
        try {
            finish();
        } catch (IOException | RuntimeException e) {
            fail();
            if (response.below().isCommitted()) {
                throw e;
            }
            refuse(e);
        }
    }

    private void refuse(Exception cause) throws IOException {
        LOG.log(Level.WARNING, "a response could not be completed", cause);
        response.below().sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** Once only; whoever comes second waits, or it would let the container end an answer that is still being written. */
    private synchronized void finish() throws IOException {
        if (over.get()) {
            return;
        }
        response.drainWriter();
        if (over.compareAndSet(false, true)) {
            body.finish();
            if (body.isLeft()) {
                outcome.left();
            } else {
                commitHead();
                outcome.complete();
            }
        }
    }

    /** Over HTTP/2, one container never ends an answer to HEAD that async completes before it was committed. */
    private void commitHead() throws IOException {
        if (asked.method() == RequestMethod.HEAD && original.isAsyncStarted()) {
            response.below().flushBuffer();
        }
    }

    /** Leaves nothing on the response that would label or cut the container's error page; never amid an answer. */
    private synchronized void fail() {
        boolean headWritten = body.hasHead();
        boolean left = body.isLeft();
        abandon();
        HttpServletResponse below = response.below();
        if (below.isCommitted()) {
            if (!left) {
                Container.flush(below);
                Container.breakOff(below);
            }
        } else if (headWritten) {
            below.reset();
            // One container forgets the field, but not the length.
            below.setContentLengthLong(-1);
        }
    }

    /**
     * The container gives up on an async application; from here on only its own thread may answer, on which the listeners of
     * the application run, and which may flush. An answer that is being written is let finish.
     */
    synchronized void takeOver() {
        timeoutThread = Thread.currentThread();
    }

    boolean isTimedOut() {
        return timeoutThread != null;
    }

    /** True for a thread of the application that goes on as if nothing had happened. */
    boolean isTooLate() {
        Thread thread = timeoutThread;
        return thread != null && thread != Thread.currentThread();
    }

    /** What the application ran in {@code AsyncContext.start} has thrown. */
    void failedOutside() {
        ObservedAsyncContext context = asyncContext;
        boolean mayBeAnswered =
                context != null && context.hasListeners() && !response.below().isCommitted();
        if (!mayBeAnswered) {
            fail();
            try {
                Container.breakOffOutside(response.below());
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection was broken already: {0}", e.toString());
            }
        }
    }

    /** Ends without an answer of ours; safe to call at any time, by any thread. */
    void abandon() {
        over.set(true);
        body.abandon();
        outcome.over();
    }
}
