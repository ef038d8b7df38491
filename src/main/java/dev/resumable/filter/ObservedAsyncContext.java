// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An async context whose {@code complete()} finishes the exchange first.
 *
 * <p>An {@link AsyncListener} would be told too late: on some containers the response is closed by then. Listeners of the
 * application get events that carry this context, or their {@code complete()} would pass us by.
 */
final class ObservedAsyncContext implements AsyncContext {

    private static final Logger LOG = System.getLogger(ObservedAsyncContext.class.getName());

    /** Milliseconds by which the container's clock may be ahead of ours. */
    private static final long CLOCK_GRAIN = 100;

    private final AsyncContext context;
    private final RangeExchange exchange;
    private final AtomicInteger listeners = new AtomicInteger();
    private volatile boolean answered;
    private volatile long begun;
    private volatile long limit;
    private volatile @Nullable ServletResponse started;
    private volatile Optional<String> redispatchPath = Optional.empty();

    ObservedAsyncContext(AsyncContext context, RangeExchange exchange) {
        this.context = context;
        this.exchange = exchange;
    }

    /** Tells with which response the cycle that begins was started; the container forgets it once it is dispatched. */
    void startedWith(ServletResponse response, Optional<String> path, long before) {
        started = response;
        redispatchPath = path;
        answered = false;
        begun = before;
        limit = context.getTimeout();
    }

    /** True if the container may be about to tell that the time of the cycle is up. */
    boolean mayBeUp() {
        return limit > 0 && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + CLOCK_GRAIN >= limit;
    }

    boolean observes(AsyncContext other) {
        return context == other;
    }

    /** True if the application listens, and may answer a failure. */
    boolean hasListeners() {
        return listeners.get() > 0;
    }

    @Override
    public void complete() {
        if (!exchange.end().isTooLate()) {
            answered = true;
        }
        exchange.end().complete(context, this::mayBeUp);
    }

    @Override
    public void addListener(AsyncListener listener) {
        listeners.incrementAndGet();
        context.addListener(new Relay(listener));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        listeners.incrementAndGet();
        context.addListener(new Relay(listener), request, response);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        // Ours is not a wrapper of the application's making.
        return context.hasOriginalRequestAndResponse() || started == exchange.response();
    }

    @Override
    public void dispatch() {
        dispatch(() -> redispatchPath.ifPresentOrElse(context::dispatch, context::dispatch));
    }

    @Override
    public void dispatch(String path) {
        dispatch(() -> context.dispatch(path));
    }

    @Override
    public void dispatch(ServletContext servletContext, String path) {
        dispatch(() -> context.dispatch(servletContext, path));
    }

    private void dispatch(Runnable dispatch) {
        requireNotCompleted();
        ExchangeEnd end = exchange.end();
        if (!end.isTooLate()) {
            answered = true;
        }
        if (!end.isTelling()) {
            end.dispatch(dispatch);
            return;
        }
        // One container goes on with another thread at once, which a filter in front of ours may see first.
        end.dispatched();
        try {
            end.dispatch(dispatch);
        } catch (RuntimeException e) {
            end.takeOver();
            throw e;
        }
    }

    /** The container has not seen the completion while the body is still being sent. */
    private void requireNotCompleted() {
        if (exchange.end().isSending()) {
            throw new IllegalStateException("complete() was called");
        }
    }

    @Override
    public void start(Runnable run) {
        context.start(() -> {
            try {
                run.run();
            } catch (Throwable e) {
                if (exchange.failedOutside(e) || e instanceof VirtualMachineError) {
                    throw ObservedAsyncContext.<RuntimeException>asItCame(e);
                }
                Level level = exchange.outcome().hasClientLeft() ? Level.DEBUG : Level.WARNING;
                LOG.log(level, "an application went on after its exchange was over, and failed", e);
            }
        });
    }

    /** Code in other languages throws checked exceptions where Java cannot. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItCame(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long milliseconds) {
        // The limit would be that of the cycle in which the body goes on.
        requireNotCompleted();
        context.setTimeout(milliseconds);
        limit = milliseconds;
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    /** Passes events on with the observed context in them. */
    private final class Relay implements AsyncListener {

        private final AsyncListener listener;

        Relay(AsyncListener listener) {
            this.listener = listener;
        }

        private AsyncEvent observed(AsyncEvent event) {
            boolean ours = exchange.end().isInOwnCycle();
            return new AsyncEvent(
                    ours ? ObservedAsyncContext.this : exchange.observe(event.getAsyncContext()),
                    event.getSuppliedRequest(),
                    event.getSuppliedResponse(),
                    event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            listener.onComplete(observed(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            listener.onTimeout(observed(event));
            exchange.end().listenerReturned();
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            listener.onError(observed(event));
            exchange.end().listenerReturned();
            if (listeners.decrementAndGet() == 0 && !answered) {
                // All have been told, and none has answered. Not every container says onComplete then.
                exchange.end().abandon();
            }
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            if (exchange.end().isInOwnCycle()) {
                // A cycle of ours; to the application it is the end of its own.
                event.getAsyncContext().addListener(this);
                return;
            }
            // Of the next cycle the listener is told only if it is added again, maybe in this very call.
            listeners.decrementAndGet();
            listener.onStartAsync(observed(event));
        }
    }
}
