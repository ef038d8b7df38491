// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.WriteListener;
import java.io.IOException;

/** Passes the container's calls on to a write listener, and notices when they say that the client has gone. */
final class PushedWrites implements WriteListener {

    private final WriteListener listener;
    private final ExchangeOutcome outcome;

    PushedWrites(WriteListener listener, ExchangeOutcome outcome) {
        this.listener = listener;
        this.outcome = outcome;
    }

    @Override
    public void onWritePossible() throws IOException {
        try {
            listener.onWritePossible();
        } catch (IOException | RuntimeException e) {
            outcome.applicationThrew(e);
            throw e;
        }
    }

    @Override
    public void onError(Throwable failure) {
        outcome.containerTold(failure);
        listener.onError(failure);
    }
}
