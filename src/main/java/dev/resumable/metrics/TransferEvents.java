// SPDX-License-Identifier: Apache-2.0
package dev.resumable.metrics;

import dev.resumable.http.RangeOutcome;
import java.util.List;

/**
 * Listens to what becomes of transfers: for counters, logs and traces of an operator's own.
 *
 * <p>Every request that is acted on ends with exactly one call of {@link #answered}, {@link #passed}, {@link #clientAborted}
 * or {@link #failed}; the other calls come before it. Requests that are left alone (other methods, paths that are left out,
 * servlets that answer ranges themselves) are not told of.
 *
 * <p>Calls come from the threads that send answers, from many at the same time, and an answer waits for them: be quick, do
 * not block, and be safe for use by many threads. What a listener throws is logged and changes nothing. Later versions may
 * add methods; all of them do nothing unless overridden.
 */
public interface TransferEvents {

    /**
     * An answer of ours.
     *
     * @param status 200, 206, 304, 412 or 416
     * @param range what became of the Range field
     * @param bytesSent the length of its content in bytes; 0 for HEAD
     * @param bytesSaved the bytes that a 200 in its place would have had beyond that: of a 206 or 304 to GET the complete
     *     length without what was sent, else 0
     */
    record Answer(int status, RangeOutcome range, long bytesSent, long bytesSaved) {}

    /** Where a response was kept when it was complete. */
    enum SpoolPlace {
        /** In memory alone. */
        HEAP,
        /** In a temporary file. */
        DISK
    }

    /** An answer of ours was handed to the container to its end. */
    default void answered(Answer answer) {}

    /**
     * A response of the application was handed to the container as it was.
     *
     * @param bytes the length of its content, as far as it came through here; 0 for HEAD
     */
    default void passed(PassReason reason, long bytes) {}

    /**
     * The client went away before it had everything: the container's stream has thrown. To a proxy also one that has not sent
     * all of its content, or was waited for in vain.
     */
    default void clientAborted() {}

    /** The application or what it reads from has failed, or the container has given up on it; an error page may follow. */
    default void failed() {}

    /** A range set went past a limit and is answered with the whole. */
    default void rangesRefused(RangeOutcome limit) {}

    /** A response was kept to its end, and is about to be answered. */
    default void spooled(SpoolPlace place, long bytes) {}

    /** A response could not be kept any longer; what was kept so far, and the rest, pass without ranges. */
    default void spoolGivenUp(PassReason reason, long bytes) {}

    /**
     * An answer that an upstream server broke goes on where it broke; the client does not notice. A proxy tells of this, of
     * {@link #upstreamBroken} and of {@link #clientAborted} alone.
     *
     * @param bytesSaved the bytes before that, which nobody has to send again
     */
    default void upstreamResumed(long bytesSaved) {}

    /**
     * An answer that an upstream server broke could not go on, and is broken for the client too.
     *
     * @param bytes the bytes before that
     */
    default void upstreamBroken(long bytes) {}

    /** What becomes of uploads. */
    enum UploadStep {
        /** An upload was created. */
        CREATED,
        /** The body of a part or of an append has ended, whole or not. */
        RECEIVED,
        /** An upload has become a file; after a crash it may be told again. */
        COMPLETED,
        /** An upload was cancelled by its owner. */
        CANCELLED,
        /** An upload was removed since nobody went on with it. */
        EXPIRED,
        /** A body was ended since another request went on with its upload. */
        TAKEN_OVER,
        /** A body, or the whole, did not have its announced digest. */
        DIGEST_REFUSED
    }

    /**
     * An upload has come a step further. An upload servlet tells of this alone.
     *
     * @param bytes that were received, or that the file has; 0 with the other steps
     */
    default void uploadStep(UploadStep step, long bytes) {}

    /** Nobody listens. */
    static TransferEvents none() {
        return new TransferEvents() {};
    }

    /** Tells each of these in turn; one that throws is logged, and keeps nothing from going on. */
    static TransferEvents all(List<TransferEvents> listeners) {
        return new GuardedEvents(listeners);
    }
}
