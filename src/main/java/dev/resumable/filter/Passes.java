// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.AsyncContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The passes of the filter that are running for one request, one inside the other, and what waits for the outermost to end.
 *
 * <p>As in a container, an async context that is completed while its dispatch still runs completes when that returns.
 */
final class Passes {

    private int running;
    private @Nullable AsyncContext completing;

    /** True if this is the outermost pass. */
    synchronized boolean begin() {
        return running++ == 0;
    }

    /** True if no other pass runs around the one that is running. */
    synchronized boolean isOutermost() {
        return running == 1;
    }

    /** True if the outermost pass has ended. */
    synchronized boolean end() {
        return --running == 0;
    }

    /**
     * Remembers to complete when the outermost pass has ended; false if none is running.
     *
     * <p>The container is told only then: an exception that is thrown after it was told would be lost on some.
     */
    synchronized boolean deferCompletion(AsyncContext context) {
        if (running == 0) {
            return false;
        }
        completing = context;
        return true;
    }

    /** True if the application has completed, and waits for the pass to end. */
    synchronized boolean isCompleting() {
        return completing != null;
    }

    /** The completion that waits, once. */
    synchronized Optional<AsyncContext> takeCompletion() {
        Optional<AsyncContext> taken = Optional.ofNullable(completing);
        completing = null;
        return taken;
    }
}
