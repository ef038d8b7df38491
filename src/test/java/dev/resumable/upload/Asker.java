// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A request on a thread of its own. */
final class Asker {
    private final FutureTask<UploadOutcome> outcome;
    private final Thread thread;

    Asker(Callable<UploadOutcome> request) {
        this.outcome = new FutureTask<>(request);
        this.thread = new Thread(outcome, "asker");
        thread.start();
    }

    UploadOutcome outcome() throws Exception {
        return outcome.get(60, TimeUnit.SECONDS);
    }

    /** Waits until it has nothing to do but to wait. */
    void untilItWaits() {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING || outcome.isDone());
    }

    void end() {
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            fail("interrupted", e);
        }
    }
}
