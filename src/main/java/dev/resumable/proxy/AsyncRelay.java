// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.ProxyExchange.BrokenOff;
import dev.resumable.proxy.ProxyExchange.Ending;
import dev.resumable.servlet.Container;
import dev.resumable.servlet.ResetOnClose;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs an exchange on a thread of the proxy's, and ends it where the container sees how it went.
 *
 * <p>A failure is thrown in a dispatched pass: to complete a committed response, whatever was called before, makes it look whole
 * on every container.
 */
final class AsyncRelay {

    private static final Logger LOG = System.getLogger(AsyncRelay.class.getName());
    private static final String ATTRIBUTE = AsyncRelay.class.getName();

    private final RunningProxy proxy;
    private final ProxyExchange exchange;
    private final AsyncContext context;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final String ownPath;

    /** Set by the container, when it has ended the exchange. */
    private final AtomicBoolean over = new AtomicBoolean();

    /** Kept here and not on the request, which may be another one by the time that this is known. */
    private volatile @Nullable IOException failure;

    private AsyncRelay(
            RunningProxy proxy, AsyncContext context, HttpServletRequest request, HttpServletResponse response) {
        this.proxy = proxy;
        this.exchange = new ProxyExchange(proxy, request, response);
        this.context = context;
        this.request = request;
        this.response = response;
        this.ownPath = MappedPath.ownPath(request);
    }

    /** True if async is supported by all that the request has passed, and a dispatch can lead back to this servlet. */
    static boolean isPossible(HttpServletRequest request, String servletName) {
        return request.isAsyncSupported()
                && !request.isAsyncStarted()
                // A named dispatcher leaves the mapping of another servlet.
                && servletName.equals(request.getHttpServletMapping().getServletName());
    }

    /** What a relay has left for the dispatched pass to throw. */
    static Optional<IOException> failureOf(HttpServletRequest request) {
        return Optional.ofNullable((AsyncRelay) request.getAttribute(ATTRIBUTE)).map(relay -> relay.failure);
    }

    /** Starts; the place among the threads is taken already, and is given back if nothing comes of it. */
    static void start(RunningProxy proxy, HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            AsyncContext context = request.startAsync(request, response);
            // Downloads take as long as they take; idle connections have timeouts of their own.
            context.setTimeout(0);
            AsyncRelay relay = new AsyncRelay(proxy, context, request, response);
            request.setAttribute(ATTRIBUTE, relay);
            context.addListener(relay.new Watch());
            proxy.threads().execute(relay::run);
        } catch (RuntimeException | Error e) {
            // The servlet has just been stopped, or there is no thread to be had.
            LOG.log(Level.WARNING, "an exchange could not be started", e);
            proxy.threads().leave();
            refuse(proxy, request, response);
        }
    }

    private static void refuse(RunningProxy proxy, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            ProblemAnswer.give(proxy.config().hooks(), request, response, ProxyProblem.OVERLOADED);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().complete();
            }
        }
    }

    private void run() {
        try {
            end(ending());
        } finally {
            proxy.threads().leave();
        }
    }

    /** Whatever happens: nobody else would ever end the exchange. */
    private Ending ending() {
        try {
            return exchange.run();
        } catch (Throwable e) {
            // Containers take their objects out of the hands of whom a client that left has interrupted.
            LOG.log(over.get() ? Level.DEBUG : Level.ERROR, "an exchange has failed", e);
            return new BrokenOff(new IOException("the exchange failed", e));
        }
    }

    private void end(Ending ending) {
        if (over.get()) {
            // The objects may be another request's by now.
            return;
        }
        try {
            if (ending instanceof BrokenOff brokenOff) {
                failure = brokenOff.failure();
                context.dispatch(ownPath);
            } else {
                context.complete();
            }
        } catch (RuntimeException e) {
            // The container has seen the failure of the connection itself, and is ending the exchange.
            LOG.log(Level.DEBUG, "an exchange was over already: {0}", e.toString());
            if (!over.get()) {
                breakOffOutside();
            }
        }
    }

    private void breakOffOutside() {
        try {
            ResetOnClose.arm(request, response);
            Container.breakOffOutside(response);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection was broken already: {0}", e.toString());
        }
    }

    /** Tells the exchange that its client has left, where the container notices. */
    private final class Watch implements AsyncListener {

        /** Every container ends the exchange then, and one gives its objects to the next one at once. */
        @Override
        public void onError(AsyncEvent event) {
            over.set(true);
            exchange.clientLeft();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            exchange.clientLeft();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            over.set(true);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Nobody starts again.
        }
    }
}
