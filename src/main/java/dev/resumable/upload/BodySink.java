// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.UploadLocks.Holder;
import dev.resumable.upload.store.UploadLocks.Urgency;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of one request, from whoever reads it, until it ends one way or another.
 *
 * <p>It ends once. The end may come from another thread than that of the reader: from a request that takes the upload over,
 * from the watch over slow clients, from a server that stops. Whoever ends it makes durable what can be kept; when
 * {@link #end} returns, not a byte more is written, and the reader finds out at its next {@link #write}.
 */
abstract class BodySink implements Holder {

    private static final Logger LOG = System.getLogger(BodySink.class.getName());
    /** Requests that race must not evict each other; one without progress for this long has most likely no client any more. */
    private static final long IDLE_NANOS = Duration.ofMillis(150).toNanos();

    /** Whoever is asked to let go, or to make durable what came, is waited for so long at a time. */
    private static final long ASKED_NANOS = Duration.ofMillis(50).toNanos();

    /** Held by whoever takes, keeps or ends; all else below is its. */
    private final ReentrantLock turn = new ReentrantLock();

    private final long started = System.nanoTime();
    private volatile long lastProgress = started;
    private volatile boolean busy;
    private volatile boolean ending;
    private volatile boolean stopping;
    private volatile long taken;
    private @Nullable UploadOutcome outcome;
    private @Nullable Consumer<UploadOutcome> whenEnded;

    /** How a body ends. */
    enum Ending {
        /** All of it came. */
        WHOLE,
        /** The client went away. */
        CUT_OFF,
        /** Another request wants the upload. */
        TAKEN_OVER,
        /** The client was too slow. */
        TOO_SLOW,
        /** Too many bodies are waited for by threads. */
        NO_PLACE,
        /** The server stops. */
        SHUTDOWN
    }

    /** Takes bytes; an outcome ends the body, since no more of it is of use. */
    protected abstract Optional<UploadOutcome> take(byte[] bytes, int offset, int length) throws IOException;

    /** Keeps or gives up what came. */
    protected abstract UploadOutcome finish(Ending how) throws IOException;

    /** What became of the body after the store failed in the middle. */
    protected abstract UploadOutcome fail(IOException failure);

    /** Makes durable what came so far, if it can be kept before the end. */
    protected abstract void makeDurable() throws IOException;

    /** Closes writer and lease; called once, after everything else. */
    protected abstract void release();

    /**
     * Takes the next bytes.
     *
     * @return false if the body has ended; {@link #outcome()} then tells how
     */
    final boolean write(byte[] bytes, int offset, int length) {
        busy = true;
        boolean isOpen;
        try {
            isOpen = takeUnlessEnded(bytes, offset, length);
        } finally {
            // Again, since a disk may have been waited for: the client has had no chance to send meanwhile.
            lastProgress = System.nanoTime();
            busy = false;
        }
        if (!isOpen) {
            tell();
        }
        return isOpen;
    }

    private boolean takeUnlessEnded(byte[] bytes, int offset, int length) {
        turn.lock();
        try {
            if (outcome == null) {
                taken += length;
                takeSafely(bytes, offset, length);
                endIfStopping();
            }
            return outcome == null;
        } finally {
            turn.unlock();
        }
    }

    private void takeSafely(byte[] bytes, int offset, int length) {
        try {
            take(bytes, offset, length).ifPresent(this::settle);
        } catch (IOException e) {
            settle(failed(e));
        } catch (RuntimeException e) {
            // Else the lease would never be free again.
            settle(failed(new IOException("the bytes of an upload could not be taken", e)));
        }
    }

    /** Ends the body, if it has not ended yet. */
    final UploadOutcome end(Ending how) {
        UploadOutcome result;
        turn.lock();
        try {
            endOnce(how);
            result = outcome();
        } finally {
            turn.unlock();
        }
        tell();
        return result;
    }

    /** Ends the body, but not if somebody is at work on it: that must not be waited for by those who look after many. */
    final void endIfUntouched(Ending how) {
        if (turn.tryLock()) {
            try {
                endOnce(how);
            } finally {
                turn.unlock();
            }
            tell();
        }
    }

    /** Ends the body since the server stops. If somebody is at work on it for longer than that, it ends after that work. */
    final void stop(long patienceNanos) {
        stopping = true;
        endWithin(patienceNanos, Ending.SHUTDOWN);
    }

    private void endWithin(long patienceNanos, Ending how) {
        try {
            if (turn.tryLock(patienceNanos, TimeUnit.NANOSECONDS)) {
                try {
                    endOnce(how);
                } finally {
                    turn.unlock();
                }
                tell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endIfStopping() {
        if (stopping) {
            endOnce(Ending.SHUTDOWN);
        }
    }

    private void endOnce(Ending how) {
        if (outcome == null) {
            beginEnd();
            settle(finishSafely(how));
        }
    }

    /** Tells that the end has begun, which may take long. */
    protected final void beginEnd() {
        ending = true;
    }

    private UploadOutcome finishSafely(Ending how) {
        try {
            return finish(how);
        } catch (IOException e) {
            return failed(e);
        } catch (RuntimeException e) {
            // Else the lease would never be free again.
            return failed(new IOException("an upload could not be finished", e));
        }
    }

    private UploadOutcome failed(IOException failure) {
        if (!(failure instanceof StorageFullException)) {
            LOG.log(Level.WARNING, "the store of uploads failed", failure);
        }
        return fail(failure);
    }

    private void settle(UploadOutcome result) {
        outcome = result;
        release();
    }

    private void tell() {
        Consumer<UploadOutcome> listener;
        UploadOutcome result;
        turn.lock();
        try {
            if (outcome == null || whenEnded == null) {
                return;
            }
            listener = whenEnded;
            result = outcome;
            whenEnded = null;
        } finally {
            turn.unlock();
        }
        try {
            listener.accept(result);
        } catch (RuntimeException e) {
            // Of a container that is stopping, say. Whoever ends this body may have others to end.
            LOG.log(Level.DEBUG, "the end of a body could not be answered: {0}", e.toString());
        }
    }

    /** Asks to be told once when the body has ended, at once if it has; the call comes outside of all locks. */
    final void whenEnded(Consumer<UploadOutcome> listener) {
        turn.lock();
        try {
            whenEnded = listener;
        } finally {
            turn.unlock();
        }
        tell();
    }

    /** Whether this thread takes, keeps or ends the body just now, so that whatever it calls is called with the lock held. */
    protected final boolean isMyTurn() {
        return turn.isHeldByCurrentThread();
    }

    /** How the body ended. */
    final UploadOutcome outcome() {
        turn.lock();
        try {
            if (outcome == null) {
                throw new IllegalStateException("the body has not ended");
            }
            return outcome;
        } finally {
            turn.unlock();
        }
    }

    /** Makes durable what came so far, unless the body is about to end anyway. */
    final void checkpoint() {
        boolean isDone = false;
        while (!ending && !isDone) {
            isDone = checkpointWithin(ASKED_NANOS);
        }
    }

    /** Whether it need not be tried again. */
    private boolean checkpointWithin(long patienceNanos) {
        try {
            if (!turn.tryLock(patienceNanos, TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        try {
            checkpointOnce();
        } finally {
            turn.unlock();
        }
        tell();
        return true;
    }

    /** The same, but not if somebody is at work on the body. */
    final void checkpointIfUntouched() {
        if (turn.tryLock()) {
            try {
                checkpointOnce();
            } finally {
                turn.unlock();
            }
            tell();
        }
    }

    private void checkpointOnce() {
        if (outcome == null) {
            try {
                makeDurable();
            } catch (IOException e) {
                settle(failed(e));
            }
            endIfStopping();
        }
    }

    @Override
    public final void askedToLetGo(Urgency urgency) {
        if (ending) {
            // That may take long, and the lease is free after it anyway.
            askedWhileEnding(urgency);
        } else if (urgency == Urgency.NOW || idleNanos() >= IDLE_NANOS) {
            // Whoever waits asks again: the end may begin at this moment, and must not hold the one who asks.
            endWithin(ASKED_NANOS, Ending.TAKEN_OVER);
        }
    }

    /** Somebody waits while the end is under way. */
    protected void askedWhileEnding(Urgency urgency) {
        // In general it is short.
    }

    /** How long nothing has come; 0 while what came is taken, however long that lasts. */
    final long idleNanos() {
        return busy ? 0 : System.nanoTime() - lastProgress;
    }

    /** How long the body has been coming. */
    final long ageNanos() {
        return System.nanoTime() - started;
    }

    /** How many bytes have come. */
    final long taken() {
        return taken;
    }
}
