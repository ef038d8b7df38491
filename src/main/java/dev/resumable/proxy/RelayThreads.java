// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that relay, so that a slow client holds none of the container's; bounded in number. */
final class RelayThreads implements AutoCloseable {

    /**
     * The first version where a virtual thread that waits within {@code synchronized} lets others run (JEP 444, JEP 491).
     * Containers write so: before it, a few slow clients would stop all.
     */
    private static final int VIRTUAL_SINCE = 24;

    private static final long KEPT_IDLE_SECONDS = 30;

    private final Semaphore places;
    private final ExecutorService threads;

    RelayThreads(int most) {
        this.places = new Semaphore(most);
        this.threads = Runtime.version().feature() >= VIRTUAL_SINCE ? virtual() : platform();
    }

    private static ExecutorService virtual() {
        try {
            // The library is compiled for Java 17.
            MethodHandle factory = MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
            return (ExecutorService) factory.invokeExact();
        } catch (Throwable e) {
            return platform();
        }
    }

    private static ExecutorService platform() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEPT_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "resumable-proxy-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Takes a place, if one is free; {@link #leave()} gives it back. */
    boolean enter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }

    /** Runs a task on a thread of its own, for a place that was taken. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
