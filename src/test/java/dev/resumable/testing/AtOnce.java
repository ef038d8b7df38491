// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Runs the rows of a test at the same time: for those that do nothing but wait, so that they can wait for long enough to be right
 * on a slow machine.
 *
 * <p>Rows must share nothing that one of them changes.
 */
public final class AtOnce {
    private static final int MOST_MINUTES = 2;

    private AtOnce() {}

    /** What is tested with each row. */
    @FunctionalInterface
    public interface Check<R> {
        void on(R row) throws Exception;
    }

    /** Runs all rows to their end; fails with all that went wrong, by the names of the rows. */
    public static <R> void run(Collection<R> rows, Check<? super R> check) throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "at-once");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<R, Future<?>> running = new LinkedHashMap<>();
            for (R row : rows) {
                running.put(row, threads.submit(() -> {
                    check.on(row);
                    return null;
                }));
            }
            List<AssertionError> failures = new ArrayList<>();
            for (Map.Entry<R, Future<?>> entry : running.entrySet()) {
                collect(entry.getKey(), entry.getValue(), failures);
            }
            if (!failures.isEmpty()) {
                AssertionError first = failures.get(0);
                failures.stream().skip(1).forEach(first::addSuppressed);
                throw first;
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void collect(Object row, Future<?> running, List<AssertionError> failures)
            throws InterruptedException {
        try {
            running.get(MOST_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            failures.add(new AssertionError(row + ": " + e.getCause(), e.getCause()));
        } catch (TimeoutException e) {
            failures.add(new AssertionError(row + ": not over after " + MOST_MINUTES + " minutes", e));
        }
    }

    /** Starts {@linkplain ContainerKind#running() all containers of this build}, one after the other, and runs on all at once. */
    public static void onContainers(
            Function<ContainerKind, EmbeddedContainer> starter, Check<? super EmbeddedContainer> check)
            throws InterruptedException {
        Map<ContainerKind, EmbeddedContainer> containers = new EnumMap<>(ContainerKind.class);
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                containers.put(kind, starter.apply(kind));
            }
            run(containers.keySet(), kind -> check.on(containers.get(kind)));
        } finally {
            containers.values().forEach(EmbeddedContainer::close);
        }
    }
}
