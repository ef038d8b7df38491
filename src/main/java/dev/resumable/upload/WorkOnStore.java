// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * Counts what is at work on the store, so that it is closed when nothing is any more.
 *
 * <p>A stop waits for that, but not for ever: an application's hook, or a disk, may take longer than a server is willing to
 * wait. Then the last one to end closes the store.
 */
final class WorkOnStore {

    private static final Logger LOG = System.getLogger(WorkOnStore.class.getName());

    private long running;
    private boolean stopped;
    private Optional<Closeable> toClose = Optional.empty();

    /** Something begins; false if nothing may any more. Else {@link #end} must follow. */
    synchronized boolean begin() {
        if (!stopped) {
            running++;
        }
        return !stopped;
    }

    /** It has ended. */
    void end() {
        Optional<Closeable> last;
        synchronized (this) {
            running--;
            last = claimIfIdle();
        }
        last.ifPresent(WorkOnStore::close);
    }

    /** Nothing begins from now on. */
    synchronized void stop() {
        stopped = true;
    }

    /** Closes the store when nothing is at work on it, and waits some time for that. */
    void closeWhenIdle(Closeable store, Duration patience) {
        Optional<Closeable> idle;
        synchronized (this) {
            stopped = true;
            awaitIdle(System.nanoTime() + patience.toNanos());
            toClose = Optional.of(store);
            idle = claimIfIdle();
        }
        if (idle.isEmpty()) {
            LOG.log(Level.WARNING, "uploads are still worked on; their store is closed when they end");
        }
        idle.ifPresent(WorkOnStore::close);
    }

    private void awaitIdle(long end) {
        try {
            for (long left = end - System.nanoTime(); running > 0 && left > 0; left = end - System.nanoTime()) {
                // At least a millisecond: 0 would be for ever.
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Closeable> claimIfIdle() {
        notifyAll();
        Optional<Closeable> claimed = running == 0 ? toClose : Optional.empty();
        if (claimed.isPresent()) {
            toClose = Optional.empty();
        }
        return claimed;
    }

    private static void close(Closeable store) {
        try {
            store.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the store of uploads could not be closed", e);
        }
    }
}
