// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents;
import dev.resumable.metrics.TransferEvents.Answer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener how one request ends, once, whichever of its ends comes first.
 *
 * <p>Give it to {@link ContentResponse#observedBy}, and call {@link #broken()} when {@code send} has thrown:
 *
 * <pre>{@code
 * AnswerReport report = new AnswerReport(events);
 * try {
 *     door.observedBy(report).send(representation, request, response);
 * } catch (IOException | RuntimeException e) {
 *     report.broken();
 *     throw e;
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class AnswerReport implements AnswerObserver {

    private final TransferEvents events;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Answer answer;
    private volatile boolean clientGone;

    /** Reports to this listener. */
    public AnswerReport(TransferEvents events) {
        this.events = events;
    }

    @Override
    public void decided(Answer decided) {
        answer = decided;
        if (decided.range().isRefusal()) {
            events.rangesRefused(decided.range());
        }
    }

    /** Tells of it at once: an application that swallows the exception of a write may never end. */
    @Override
    public void clientLeft(IOException failure) {
        clientGone = true;
        broken();
    }

    /** True once an answer has failed because its client is gone. */
    public boolean hasClientLeft() {
        return clientGone;
    }

    /** Tells of the answer; of nothing if none was decided. */
    @Override
    public void complete() {
        Answer decided = answer;
        if (decided != null && told.compareAndSet(false, true)) {
            events.answered(decided);
        }
    }

    /** The response passed as the application has made it; {@code bytes} of content were handed to the container. */
    public void passed(PassReason reason, long bytes) {
        if (told.compareAndSet(false, true)) {
            events.passed(reason, bytes);
        }
    }

    /** The answer ends without being complete, unless another end was told before. */
    @Override
    public void broken() {
        if (told.compareAndSet(false, true)) {
            if (clientGone) {
                events.clientAborted();
            } else {
                events.failed();
            }
        }
    }
}
