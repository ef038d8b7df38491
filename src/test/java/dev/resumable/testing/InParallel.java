// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many clients at once. */
public final class InParallel {

    private InParallel() {}

    /** What is done with the number of an exchange. */
    @FunctionalInterface
    public interface Exchange<T> {
        T run(int number) throws Exception;
    }

    /** Runs {@code times} exchanges on {@code atOnce} threads, and gives their results in order; no thread is left. */
    public static <T> List<T> run(int atOnce, int times, Exchange<T> exchange) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(atOnce);
        try {
            List<Callable<T>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                all.add(() -> exchange.run(number));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> done : clients.invokeAll(all)) {
                results.add(done.get());
            }
            return results;
        } finally {
            clients.shutdown();
            clients.awaitTermination(1, TimeUnit.MINUTES);
        }
    }
}
