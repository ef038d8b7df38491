// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Passes the container's calls on to a write listener, and notices when they say that the client has gone. */
final class PushedWrites implements WriteListener {

    private final WriteListener listener;
    private final ExchangeOutcome outcome;
    private volatile @Nullable Throwable thrown;

    PushedWrites(WriteListener listener, ExchangeOutcome outcome) {
        this.listener = listener;
        this.outcome = outcome;
    }

    @Override
    public void onWritePossible() throws IOException {
        try {
            listener.onWritePossible();
        } catch (IOException | RuntimeException e) {
            thrown = e;
            throw e;
        }
    }

    @Override
    public void onError(Throwable failure) {
        // Containers also bring back what the listener itself has thrown.
        if (failure instanceof IOException e && failure != thrown) {
            outcome.clientLeft(e);
        }
        listener.onError(failure);
    }
}
