// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of an exchange: it comes once, whoever calls for it, and leaves nothing behind.
 *
 * <p>What was kept may be sent after it, without a thread that waits for the client: in the async cycle that the application
 * completes, or in one that is begun for that. The cycle is completed then by whoever sends.
 */
final class ExchangeEnd {

    private static final Logger LOG = System.getLogger(ExchangeEnd.class.getName());

    private final HttpServletRequest request;
    private final ObservedResponse response;
    private final ObservedBody body;
    private final ExchangeOutcome outcome;
    private final Passes passes;
    private final SendingCycle cycle;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean dispatchedAway;
    private volatile @Nullable Exception failure;
    private volatile @Nullable Thread timeoutThread;

    /** @param request the one that the filter was given first */
    ExchangeEnd(
            HttpServletRequest request,
            ObservedResponse response,
            ObservedBody body,
            ExchangeOutcome outcome,
            Passes passes) {
        this.request = request;
        this.response = response;
        this.body = body;
        this.outcome = outcome;
        this.passes = passes;
        this.cycle = new SendingCycle(request, response.below());
    }

    // ---- what is sent after the end

    /** An async cycle without a time limit in which the body goes on; empty if the calling thread has to send it. */
    Optional<AsyncContext> beginAsync() {
        // Where a listener answers a timeout, the container ends the cycle when it returns.
        return isTimedOut() ? Optional.empty() : cycle.begin();
    }

    /** True once a cycle is begun that is not the application's, or is its own and to be sent in. */
    boolean isInOwnCycle() {
        return cycle.isOurs();
    }

    /** True once what was kept is being sent after the end; to the application all is over then. */
    boolean isSending() {
        return cycle.isSending();
    }

    // ---- the end of a pass

    /**
     * Ends the exchange on the thread of its pass; the body may go on in an async cycle of ours.
     *
     * @throws IOException if the client must not take what it got for complete
     */
    void finish() throws IOException {
        finish(SendingCycle::willBeOwn);
    }

    /** Ends an async exchange that was completed while its pass still ran; the body may go on in the cycle that completes. */
    void finishAndComplete(AsyncContext context) throws IOException {
        try {
            finish(sending -> sending.willBe(context));
        } catch (IOException | RuntimeException e) {
            // An exception would be a closed connection on one container; so it is an error page while it can be.
            show(e);
        }
        if (!isSending()) {
            context.complete();
        }
    }

    /** Once only; whoever comes second waits, or it would let the container end an answer that is still being written. */
    private synchronized void finish(Consumer<SendingCycle> howToGoOn) throws IOException {
        if (over.get()) {
            return;
        }
        howToGoOn.accept(cycle);
        response.drainWriter();
        if (over.compareAndSet(false, true)) {
            try {
                body.finish();
            } catch (IOException | RuntimeException | Error e) {
                cycle.failed();
                throw e;
            }
            tellOutcome();
        }
    }

    private void tellOutcome() throws IOException {
        if (body.isLeft()) {
            outcome.left();
        } else if (!isSending()) {
            commitHead();
            outcome.complete();
        }
    }

    /** Over HTTP/2, one container never ends an answer to HEAD that async completes before it was committed. */
    private void commitHead() throws IOException {
        if (request.getMethod().equals("HEAD") && request.isAsyncStarted()) {
            response.below().flushBuffer();
        }
    }

    // ---- the end of an async exchange, on any thread

    /**
     * Ends an async exchange: a failure is thrown in a dispatched pass, where every container makes it visible.
     *
     * <p>What was kept goes on in the cycle of the application, if that has no limit of time or none any more. Else the calling
     * thread sends it: it cannot leave that to the container, whose thread may hold a lock of the connection and wait here for
     * the end, in {@link #takeOver}.
     *
     * @param isLate whether the time of the context may be up
     */
    void complete(AsyncContext context, BooleanSupplier isLate) {
        if (isTooLate() || isSending() || dispatchedAway) {
            // The container, a dispatch or we are ending the exchange; a second end beside it would be mixed with the
            // first.
            return;
        }
        if (passes.isCompleting() && Container.of(response) == Container.TOMCAT) {
            // As Tomcat has it; others do not mind.
            throw new IllegalStateException("complete() was called twice");
        }
        if (passes.deferCompletion(context)) {
            return;
        }
        try {
            finishUnlessTooLate(context, isLate);
        } catch (IOException | RuntimeException e) {
            failure = e;
            if (isTelling() && !response.below().isCommitted()) {
                showToListener(e);
            } else {
                abort(context);
                return;
            }
        }
        leaveTo(context::complete);
    }

    /** The container has its own end in store behind a listener, and one would dispatch no more, but end with an empty 200. */
    private void showToListener(Exception failed) {
        LOG.log(Level.WARNING, "a response could not be completed", failed);
        fail();
        response.below().reset();
        response.below().setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** Asked again where nobody can take over any more: else two would answer. */
    private synchronized void finishUnlessTooLate(AsyncContext context, BooleanSupplier isLate) throws IOException {
        if (!isTooLate() && !dispatchedAway) {
            finish(sending -> sending.willBeUnlessLimited(context, isLate));
        }
    }

    /** Lets the container go on, unless it has ended the exchange: then its objects may be another request's by now. */
    private synchronized void leaveTo(Runnable container) {
        if (!isTooLate() && !isSending() && !dispatchedAway) {
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

    /** What {@link #complete} has failed with, to be shown in the pass that was dispatched for that. */
    Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    /** Shows a failure to the client: by an error page, or by an exception that breaks the connection off. */
    void show(Exception failed) throws IOException {
        fail();
        if (response.below().isCommitted()) {
            ObservedBody.rethrow(failed);
        }
        refuse(failed);
    }

    private void refuse(Exception cause) throws IOException {
        LOG.log(Level.WARNING, "a response could not be completed", cause);
        response.below().sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** Leaves nothing on the response that would label or cut the container's error page; never amid an answer. */
    synchronized void fail() {
        boolean headWritten = body.hasHead();
        boolean left = body.isLeft();
        abandon();
        HttpServletResponse below = response.below();
        if (below.isCommitted()) {
            // What is being sent breaks off by itself.
            if (!left && !isSending()) {
                Container.flush(below);
                Container.breakOff(below);
            }
        } else if (headWritten || isInOwnCycle()) {
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

    /**
     * Lets the container dispatch for the application; until it begins another cycle there is nothing to complete.
     *
     * <p>One of the two calls comes first, also where two threads make them: a body that began to go out in a cycle which is
     * dispatched meanwhile would never be ended.
     */
    synchronized void dispatch(Runnable container) {
        if (isSending()) {
            throw new IllegalStateException("complete() was called");
        }
        dispatchedAway = true;
        try {
            container.run();
        } catch (RuntimeException e) {
            dispatchedAway = false;
            throw e;
        }
    }

    /** A cycle of the application's begins. */
    synchronized void cycleBegins() {
        dispatchedAway = false;
    }

    /** The application dispatches in answer to that, and goes on. */
    void dispatched() {
        body.goOnEmpty();
        timeoutThread = null;
    }

    /** As {@link #dispatched}, at about the time when the container would have given up. */
    void dispatchedLate() {
        cycle.forbidOwn();
    }

    /** True on the thread on which the listeners of the application are told. */
    boolean isTelling() {
        return timeoutThread == Thread.currentThread();
    }

    boolean isTimedOut() {
        return timeoutThread != null;
    }

    /** True for a thread of the application that goes on as if nothing had happened. */
    boolean isTooLate() {
        Thread thread = timeoutThread;
        return thread != null && thread != Thread.currentThread();
    }

    /** Refuses such a thread, which must not answer beside the container. */
    void requireInTime() throws IOException {
        if (isTooLate()) {
            throw new IOException("the exchange is over");
        }
    }

    /** As {@link #fail}, outside of any pass; false if the exchange was over before. */
    boolean failOutside() {
        if (outcome.hasClientLeft() && Container.of(response) == Container.TOMCAT) {
            // It ends the exchange on a thread of its own; its response may be another request's by now.
            abandon();
            return false;
        }
        if (!failUnlessOver()) {
            return false;
        }
        try {
            Container.breakOffOutside(response.below());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection was broken already: {0}", e.toString());
        }
        return true;
    }

    /** Asked where nobody can take over any more or end it: else the next exchange would be broken off. */
    private synchronized boolean failUnlessOver() {
        if (isTooLate() || isOver()) {
            return false;
        }
        fail();
        if (!response.below().isCommitted()) {
            // Whoever completes now, a timer for one, must not make an empty 200 of it.
            response.below().setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
        return true;
    }

    /** As {@link #leaveToListeners}, outside of any pass; false if the exchange was over before. */
    synchronized boolean leaveToListenersUnlessOver(Throwable failed) {
        if (isTooLate() || isOver()) {
            return false;
        }
        leaveToListeners(failed);
        return true;
    }

    /** The application has failed, and its listeners may answer that; what was written so far, or nothing, is no answer. */
    void leaveToListeners(Throwable failed) {
        if (body.hasTakenBytes()) {
            body.breakOff(failed);
        } else {
            body.breakOffEmpty(failed);
        }
    }

    boolean isOver() {
        return over.get();
    }

    /** A listener of the application may have asked for an error page, and leaves the rest to the container. */
    void listenerReturned() {
        if (body.isLeft()) {
            outcome.left();
        }
    }

    /** Ends without an answer of ours; safe to call at any time, by any thread. */
    void abandon() {
        over.set(true);
        body.abandon();
        outcome.over();
    }
}
