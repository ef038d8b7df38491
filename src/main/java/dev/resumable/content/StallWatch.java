// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client takes nothing any more.
 *
 * <p>Implementation note: one daemon thread for all bodies, which ends when there was nothing to watch for ten seconds. A body
 * that never waits costs nothing; one that does costs one task, which is put off for as long as there is progress.
 */
final class StallWatch {

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final long limitNanos;
    private final Runnable stalled;
    private volatile long lastProgress;
    private boolean over;
    private @Nullable Future<?> look;

    /**
     * @param limit the longest time without progress; zero for no limit
     * @param stalled is run on the daemon thread once the limit has passed, and must not wait
     */
    StallWatch(Duration limit, Runnable stalled) {
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limit.toMillis());
        this.stalled = stalled;
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "resumable-stalls");
            thread.setDaemon(true);
            return thread;
        });
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    void progress() {
        lastProgress = System.nanoTime();
    }

    /** From now on the client is waited for. */
    synchronized void begin() {
        if (look == null && limitNanos > 0) {
            lastProgress = System.nanoTime();
            lookIn(limitNanos);
        }
    }

    private synchronized void lookIn(long nanos) {
        if (!over) {
            look = TIMER.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        long idle = System.nanoTime() - lastProgress;
        if (idle < limitNanos) {
            lookIn(limitNanos - idle);
        } else {
            stalled.run();
        }
    }

    /** Nothing is waited for any more. */
    synchronized void end() {
        over = true;
        if (look != null) {
            look.cancel(false);
        }
    }
}
