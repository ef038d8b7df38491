// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client takes or sends nothing any more.
 *
 * <p>Implementation note: one daemon thread for all bodies, which ends when there was nothing to watch for ten seconds. A body
 * that never waits costs nothing; one that does costs one task, which is put off for as long as there is progress.
 */
public final class StallWatch {

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final long limitNanos;
    private final Runnable stalled;
    private volatile long lastProgress;
    private volatile boolean resting;
    private boolean over;
    private @Nullable Future<?> look;

    /**
     * @param limit the longest time without progress; zero for no limit
     * @param stalled is run on the daemon thread once the limit has passed, and must not wait
     */
    public StallWatch(Duration limit, Runnable stalled) {
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

    /** The client has taken or sent something. */
    public void progress() {
        lastProgress = System.nanoTime();
    }

    /** From now on the client is waited for. */
    public synchronized void begin() {
        if (limitNanos > 0 && (look == null || resting)) {
            lastProgress = System.nanoTime();
            resting = false;
            if (look == null) {
                lookIn(limitNanos);
            }
        }
    }

    /** Until it begins again something else is waited for. */
    public void rest() {
        resting = true;
    }

    private synchronized void lookIn(long nanos) {
        if (!over) {
            look = TIMER.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        long idle = resting ? 0 : System.nanoTime() - lastProgress;
        if (idle < limitNanos) {
            lookIn(limitNanos - idle);
        } else {
            stalled.run();
        }
    }

    /** Nothing is waited for any more. */
    public synchronized void end() {
        over = true;
        if (look != null) {
            look.cancel(false);
        }
    }
}
