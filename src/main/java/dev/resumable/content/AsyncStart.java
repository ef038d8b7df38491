// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** How a body may go on after the call that sends it has returned. */
@FunctionalInterface
public interface AsyncStart {

    /**
     * Begins an async cycle without a time limit, or gives one that runs; who sends the body completes it.
     *
     * @return empty if all must be sent before the call returns
     */
    Optional<AsyncContext> begin();

    /** Never: the calling thread waits for the client. */
    static AsyncStart never() {
        return Optional::empty;
    }

    /**
     * With {@link HttpServletRequest#startAsync}, where filters and servlet support that, and nobody has done it before.
     *
     * <p>Not within a forward or an include, whose caller goes on with the response.
     */
    static AsyncStart of(HttpServletRequest request, HttpServletResponse response) {
        return () -> {
            DispatcherType type = request.getDispatcherType();
            if ((type != DispatcherType.REQUEST && type != DispatcherType.ASYNC)
                    || !request.isAsyncSupported()
                    || request.isAsyncStarted()) {
                return Optional.empty();
            }
            AsyncContext context = request.startAsync(request, response);
            context.setTimeout(0);
            return Optional.of(context);
        };
    }
}
