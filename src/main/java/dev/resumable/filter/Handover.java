// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.Container;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Hands the end of an async exchange from a thread of the application to one of the container: by a dispatch that comes to
 * the filter, and no further.
 *
 * <p>If that thread sent the body, it would wait for the client, and when the time of the exchange is up one of the
 * container's would wait for it. In a pass of its own the filter can begin a cycle without a time limit, and nobody waits.
 */
final class Handover {

    private final Transfers transfers;
    private final HttpServletRequest request;
    private final DispatcherType firstPass;
    private final ObservedResponse response;
    private final ObservedBody body;
    private volatile Stage stage = Stage.NONE;
    private int status;

    private enum Stage {
        NONE,
        /** Dispatched, and not seen again yet. */
        UNDER_WAY,
        ARRIVED,
        /** The application got the dispatch, since the filter is not mapped to such. */
        ASTRAY
    }

    /** @param request the one that the filter was given first */
    Handover(Transfers transfers, HttpServletRequest request, ObservedResponse response, ObservedBody body) {
        this.transfers = transfers;
        this.request = request;
        this.firstPass = request.getDispatcherType();
        this.response = response;
        this.body = body;
    }

    /** True if who sends the body would wait for the client, and a pass of ours would not. */
    boolean isWorthIt() throws IOException {
        return stage == Stage.NONE
                // It can lift the limit of any cycle, and loses a connection whose time is up while a new one begins.
                && Container.of(response.below()) != Container.TOMCAT
                && transfers.asyncMapping().isBelieved()
                // Where a forward has brought us here, a dispatch may lead elsewhere.
                && firstPass == DispatcherType.REQUEST
                && request.getMethod().equals("GET")
                && !response.below().isCommitted()
                && transfers.door().goesOnAfterwards(body.keptLength(), response.below());
    }

    /** Dispatches. Whoever answers in our place, and says nothing of a status, must not make an empty 200 of it. */
    void begin(Runnable dispatch) {
        HttpServletResponse below = response.below();
        body.closeForGood();
        status = below.getStatus();
        stage = Stage.UNDER_WAY;
        below.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        try {
            dispatch.run();
        } catch (RuntimeException e) {
            // The container has ended the exchange before us.
            stage = Stage.ASTRAY;
            throw e;
        }
    }

    /** True if the pass that begins is the one that was dispatched for this. */
    boolean arrives() {
        return stage == Stage.UNDER_WAY && leave(Stage.ARRIVED);
    }

    /** The application runs a second time, and begins a cycle of its own; its thread sends the body after all. */
    void passedBy() {
        if (stage == Stage.UNDER_WAY) {
            leave(Stage.ASTRAY);
            transfers.asyncMapping().missed();
        }
    }

    private boolean leave(Stage next) {
        response.below().setStatus(status);
        stage = next;
        return true;
    }

    /** The container has completed the exchange, and nothing was wrong with that. */
    void completed() {
        if (stage == Stage.UNDER_WAY) {
            stage = Stage.ASTRAY;
            transfers.asyncMapping().missed();
        }
    }

    /** True if a thread of the application has no say any more. */
    boolean isDone() {
        return stage == Stage.UNDER_WAY || stage == Stage.ARRIVED;
    }
}
