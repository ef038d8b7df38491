// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread for work that no request waits for; none stays behind an idle application. */
final class BackgroundThread implements AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor executor;

    BackgroundThread(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Takes a task; false if it is closed. */
    boolean offer(Runnable task) {
        return offerLater(Duration.ZERO, task);
    }

    /** Takes a task to be run after a while; false if it is closed. */
    boolean offerLater(Duration delay, Runnable task) {
        try {
            executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** True if what runs should end. */
    boolean isClosed() {
        return executor.isShutdown();
    }

    /** Drops what waits and interrupts what runs. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
