// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What an application has seen from inside, in order; any thread may write. */
final class Journal {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    /** A call that may fail. */
    @FunctionalInterface
    interface Attempt {
        void run() throws Exception;
    }

    /** Notes a value. */
    void note(String what, @Nullable Object value) {
        notes.add(what + ": " + value);
    }

    /** Notes a charset by its name, which has no case (RFC 9110 §8.3.2): Jetty EE 11 writes it in both. */
    void noteCharset(@Nullable String name) {
        note("charset", name == null ? null : name.toLowerCase(Locale.ROOT));
    }

    /** Runs a call and notes whether it failed, and if so by which exception of the Servlet API. */
    void attempt(String what, Attempt call) {
        try {
            call.run();
            note(what, "ok");
        } catch (Exception e) {
            note(what, kindOf(e));
        }
    }

    /** Containers throw subclasses of their own, which no portable application can know. */
    private static String kindOf(Exception e) {
        if (e instanceof IllegalStateException) {
            return "IllegalStateException";
        }
        return e instanceof IOException ? "IOException" : e.getClass().getSimpleName();
    }

    void serviceBegins() {
        running.incrementAndGet();
    }

    void serviceEnds() {
        running.decrementAndGet();
    }

    /** All notes; waits for servlets that go on after the client has its response. */
    List<String> notes() {
        long deadline = System.nanoTime() + PATIENCE;
        while (running.get() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a servlet does not come to its end: " + notes);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return List.copyOf(notes);
    }

    void clear() {
        notes();
        notes.clear();
    }
}
