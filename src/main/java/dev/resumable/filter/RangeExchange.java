// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.filter.RangeAwareServlets.Awareness;
import dev.resumable.servlet.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The story of one request: run the application behind wrappers, and finish once.
 *
 * <p>What becomes of the body is told by {@link ObservedBody}. The exchange ends where the container would end the response:
 * when the pass of REQUEST, FORWARD or ASYNC returns, or in {@link AsyncContext#complete()}. After a FORWARD it cannot wait
 * for the outer pass, since one container suspends the response at the end of every forward.
 */
final class RangeExchange {

    private static final String ATTRIBUTE = RangeExchange.class.getName();

    private final Transfers transfers;
    private final HttpServletRequest original;
    private final ObservedRequest request;
    private final ObservedResponse response;
    private final ExchangeOutcome outcome;
    private final ObservedBody body;
    private final EagerWrites eagerWrites;
    private final Passes passes = new Passes();
    private final ExchangeEnd end;
    private volatile HttpServletRequest target;
    private volatile String dispatchedPath;
    private volatile @Nullable ObservedAsyncContext asyncContext;

    RangeExchange(
            Transfers transfers,
            ContentRequest asked,
            ExchangeOutcome outcome,
            HttpServletRequest request,
            HttpServletResponse response,
            Awareness awareness) {
        this.transfers = transfers;
        this.outcome = outcome;
        this.original = request;
        this.target = request;
        this.dispatchedPath = pathOf(request);
        Optional<ShortWay> shortWay =
                awareness == Awareness.UNAWARE ? ShortWay.of(transfers, asked, outcome, request) : Optional.empty();
        this.request = new ObservedRequest(request, asked.conditions(), this, awareness, shortWay);
        this.response = new ObservedResponse(response, this);
        BodyChoice choice =
                new BodyChoice(transfers, asked, this.response, outcome, () -> target, this.request, this::beginAsync);
        this.body = new ObservedBody(choice, this.response, transfers.spools().heap());
        this.end = new ExchangeEnd(request, this.response, body, outcome, passes);
        this.eagerWrites = new EagerWrites(body::breakOff);
    }

    private Optional<AsyncContext> beginAsync() {
        return end.beginAsync();
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
        original.setAttribute(ATTRIBUTE, this);
        pass(request, response, chain);
    }

    /** A further pass, after a forward or an async dispatch; request and response are ours or the application's around them. */
    void goOn(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        Optional<Exception> failed = end.failure();
        if (failed.isPresent()) {
            end.show(failed.get());
            return;
        }
        switch (passed.getDispatcherType()) {
            case FORWARD -> prepareForward();
            case ASYNC -> {
                ObservedAsyncContext before = asyncContext;
                end.dispatched();
                if (before != null && before.mayBeUp()) {
                    end.dispatchedLate();
                }
                dispatchedPath = pathOf(passed);
            }
            default -> {
                // Mapped twice: the outer pass does all.
                chain.doFilter(passed, passedResponse);
                return;
            }
        }
        request.shortWay().ifPresent(ShortWay::close);
        target = passed;
        pass(passed, passedResponse, chain);
    }

    /** One container makes the page with the response that an async cycle has begun with, and ours takes nothing any more. */
    ServletResponse ofErrorPage(ServletResponse passed) {
        return passed == response && (body.isLeft() || end.isOver())
                // It takes what it was given, or a wrapper.
                ? new HttpServletResponseWrapper(response.below())
                : passed;
    }

    private void prepareForward() {
        if (!response.isCommitted()) {
            response.resetForForward();
        } else if (!end.isOver()) {
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
                if (passes.isOutermost()) {
                    eagerWrites.passEnds();
                }
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
                end.takeOver();
            }
            if (mayStillBeAnswered(passed)) {
                if (outermost) {
                    end.leaveToListeners(e);
                }
            } else {
                end.fail();
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
        Optional<AsyncContext> completing = passes.takeCompletion();
        if (completing.isPresent()) {
            end.finishAndComplete(completing.get());
        } else if (!passed.isAsyncStarted()) {
            end.finish();
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
            end.finish();
        }
    }

    /** True if it is the container's own servlet for files that runs now, maybe after a forward. */
    boolean isAtDefaultServlet() {
        return transfers.staticFiles().isDefaultServlet(target);
    }

    /** True if this status is no error, but says of a file what a client need not get of it. */
    boolean isShortAnswer(int status) {
        return request.shortWay().filter(way -> way.isAnsweredBy(status)).isPresent();
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

    ExchangeEnd end() {
        return end;
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

    /** An async cycle has begun with this response; {@code path} is where its dispatch() must lead, if we have to say so, {@code before} the nanoseconds. */
    ObservedAsyncContext started(AsyncContext context, ServletResponse with, Optional<String> path, long before) {
        end.cycleBegins();
        ObservedAsyncContext observed = observe(context);
        observed.startedWith(with, path, before);
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
        if (body.mayBeHeld() || !body.handOver(listener)) {
            eagerWrites.register(listener, asyncContext);
        }
    }

    /** Where nobody listens it is all over: one container loses the end of such an exchange, and onComplete never comes. */
    void connectionLost() {
        ObservedAsyncContext context = asyncContext;
        boolean mayBeAnswered = context != null && context.hasListeners();
        // What we send ourselves breaks off by itself.
        if (!mayBeAnswered && !end.isSending()) {
            end.abandon();
        }
    }

    /**
     * What the application ran in {@code AsyncContext.start} has thrown. False if the container must not hear of it: it knows
     * that the exchange is over, and one of them would put the error on the next, which has got the same objects.
     */
    boolean failedOutside(Throwable failure) {
        try {
            return endOutside(failure);
        } catch (RuntimeException e) {
            // The container has taken its response back, and has told nobody.
            end.abandon();
            return false;
        }
    }

    private boolean endOutside(Throwable failure) {
        if (end.isTooLate() || end.isOver()) {
            return false;
        }
        boolean clientLeft = outcome.hasClientLeft();
        ObservedAsyncContext context = asyncContext;
        boolean mayBeAnswered = !clientLeft
                && context != null
                && context.hasListeners()
                && !response.below().isCommitted();
        boolean inTime = mayBeAnswered ? end.leaveToListenersUnlessOver(failure) : end.failOutside();
        return inTime && !clientLeft;
    }
}
