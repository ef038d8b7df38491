// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AsyncStart;
import dev.resumable.servlet.AsyncSupport;
import dev.resumable.servlet.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The async cycle in which a kept body is sent after the end of its exchange: the one that the application completes, or one
 * that is begun for that.
 */
final class SendingCycle {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncSupport asyncSupport;
    private AsyncStart start = AsyncStart.never();
    private Another another = Another.ALLOWED;
    private volatile Stage stage = Stage.NONE;

    private enum Stage {
        NONE,
        /** One that is not the application's begins, or has begun. */
        OWN,
        SENDING
    }

    private enum Another {
        ALLOWED,
        FORBIDDEN
    }

    /**
     * None yet.
     *
     * @param request the one that the filter was given first
     * @param response the one below ours
     */
    SendingCycle(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
        this.asyncSupport = new AsyncSupport(request);
    }

    /** If there is to be one, it is begun for the body. */
    void willBeOwn() {
        start = this::own;
    }

    /** If there is to be one, it is this. */
    void willBe(AsyncContext context) {
        start = () -> untimed(context);
    }

    /**
     * If there is to be one, it is this, unless its limit can or could end it.
     *
     * <p>After the pass Tomcat alone can lift a limit; but over HTTP/2, where it has none of its own for clients that take nothing,
     * the one that is set for these would count the time of the application too.
     *
     * @param isLate true if the container may have found already that the time is up, asked after the limit was lifted
     */
    void willBeUnlessLimited(AsyncContext context, BooleanSupplier isLate) {
        boolean canBeLifted = Container.of(response) == Container.TOMCAT
                && !request.getProtocol().startsWith("HTTP/2");
        if (canBeLifted) {
            start = () -> untimed(context).filter(lifted -> !isLate.getAsBoolean());
        } else if (Container.of(response) != Container.TOMCAT && context.getTimeout() <= 0) {
            willBe(context);
        } else {
            start = AsyncStart.never();
        }
    }

    /** Begins; empty if the calling thread has to send the body. */
    Optional<AsyncContext> begin() {
        Optional<AsyncContext> begun = start.begin();
        if (begun.isPresent()) {
            stage = Stage.SENDING;
        }
        return begun;
    }

    /**
     * No cycle may begin: the time of another one may have been up when it ended.
     *
     * <p>Tomcat passes that on to a thread, and where a cycle has begun meanwhile this takes the request from the connection,
     * so that no write is possible ever after.
     */
    void forbidOwn() {
        if (Container.of(response) == Container.TOMCAT) {
            another = Another.FORBIDDEN;
        }
    }

    private Optional<AsyncContext> own() {
        if (another == Another.FORBIDDEN || request.isAsyncStarted() || !asyncSupport.isGivenBack()) {
            return Optional.empty();
        }
        // One container tells the listeners of the cycle before a moment later.
        stage = Stage.OWN;
        return untimed(request.startAsync(request, response));
    }

    private static Optional<AsyncContext> untimed(AsyncContext context) {
        if (context.getTimeout() > 0) {
            context.setTimeout(0);
        }
        return Optional.of(context);
    }

    /** Nothing is sent after all. */
    void failed() {
        if (stage == Stage.SENDING) {
            stage = Stage.OWN;
        }
    }

    /** True once what was kept is being sent. */
    boolean isSending() {
        return stage == Stage.SENDING;
    }

    /** True once there is one that is not the application's, or that it has completed. */
    boolean isOurs() {
        return stage != Stage.NONE;
    }
}
