// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** All containers at once, for tests that mostly wait: together they take no longer than one. */
final class SideBySide implements AutoCloseable {

    private final List<EmbeddedContainer> containers = new ArrayList<>();

    private SideBySide() {}

    /** Starts a container. */
    @FunctionalInterface
    interface Starter {
        EmbeddedContainer start(ContainerKind kind) throws IOException;
    }

    /** What is tested on each. */
    @FunctionalInterface
    interface Check {
        void run(EmbeddedContainer container) throws Exception;
    }

    /** Starts them one after the other: a process has some things once, such as the configuration of the log. */
    static SideBySide start(Starter starter) throws IOException {
        SideBySide all = new SideBySide();
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                all.containers.add(starter.start(kind));
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** Checks each in a thread of its own; fails when all are done if one has failed, and tells which. */
    void check(Check check) {
        ExecutorService threads = Executors.newFixedThreadPool(containers.size());
        try {
            List<Executable> results = new ArrayList<>();
            for (EmbeddedContainer container : containers) {
                Future<?> result = threads.submit(() -> {
                    check.run(container);
                    return container;
                });
                results.add(() -> join(container, result));
            }
            Assertions.assertAll(results);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void join(EmbeddedContainer container, Future<?> result) throws InterruptedException {
        try {
            result.get();
        } catch (ExecutionException e) {
            throw new AssertionError(container.kind() + ": " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        containers.forEach(EmbeddedContainer::close);
    }
}
