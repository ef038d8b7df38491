// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Frees what an async exchange holds when the container ends it without the application. */
final class AbandonedExchange implements AsyncListener {

    private final RangeExchange exchange;

    AbandonedExchange(RangeExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        exchange.end().abandon();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // The application's own listeners may still answer; if none does, the container makes an error page.
        exchange.end().takeOver();
    }

    @Override
    public void onError(AsyncEvent event) {
        // As above.
        exchange.end().takeOver();
        if (exchange.outcome().containerTold(event.getThrowable())) {
            exchange.connectionLost();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A second cycle drops the listeners of the first (Servlet 6.0, AsyncContext.addListener).
        event.getAsyncContext().addListener(this);
    }
}
