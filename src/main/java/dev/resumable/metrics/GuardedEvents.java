// SPDX-License-Identifier: Apache-2.0
package dev.resumable.metrics;

import dev.resumable.http.RangeOutcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Stands between answers and listeners, whose mistakes must not become the client's. */
final class GuardedEvents implements TransferEvents {

    private static final Logger LOG = System.getLogger(TransferEvents.class.getName());

    private final List<TransferEvents> listeners;
    private final AtomicBoolean warned = new AtomicBoolean();

    GuardedEvents(List<TransferEvents> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    private void tell(Consumer<TransferEvents> event) {
        for (TransferEvents listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                // Once, since one that fails mostly fails for each request.
                Level level = warned.compareAndSet(false, true) ? Level.WARNING : Level.DEBUG;
                LOG.log(level, "a listener has thrown: " + listener.getClass().getName(), e);
            }
        }
    }

    @Override
    public void answered(Answer answer) {
        tell(listener -> listener.answered(answer));
    }

    @Override
    public void passed(PassReason reason, long bytes) {
        tell(listener -> listener.passed(reason, bytes));
    }

    @Override
    public void clientAborted() {
        tell(TransferEvents::clientAborted);
    }

    @Override
    public void failed() {
        tell(TransferEvents::failed);
    }

    @Override
    public void rangesRefused(RangeOutcome limit) {
        tell(listener -> listener.rangesRefused(limit));
    }

    @Override
    public void spooled(SpoolPlace place, long bytes) {
        tell(listener -> listener.spooled(place, bytes));
    }

    @Override
    public void spoolGivenUp(PassReason reason, long bytes) {
        tell(listener -> listener.spoolGivenUp(reason, bytes));
    }

    @Override
    public void upstreamResumed(long bytesSaved) {
        tell(listener -> listener.upstreamResumed(bytesSaved));
    }

    @Override
    public void upstreamBroken(long bytes) {
        tell(listener -> listener.upstreamBroken(bytes));
    }

    @Override
    public void uploadStep(UploadStep step, long bytes) {
        tell(listener -> listener.uploadStep(step, bytes));
    }
}
