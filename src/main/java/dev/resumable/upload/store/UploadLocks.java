// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may write to an upload now. Locks keep uploads going; that nothing is mixed up is the work of
 * {@link UploadState#version()}, so a lease that is lost unnoticed costs a request, never a byte.
 */
public interface UploadLocks {

    /**
     * What a lease covers.
     *
     * @param upload the upload
     * @param part one part of it; empty for all of it. Leases of one upload conflict unless they are of two different parts.
     */
    record Scope(UploadId upload, OptionalInt part) {

        /** All of an upload. */
        public static Scope whole(UploadId upload) {
            return new Scope(upload, OptionalInt.empty());
        }

        /** One part. */
        public static Scope part(UploadId upload, int number) {
            return new Scope(upload, OptionalInt.of(number));
        }

        /** Whether only one of the two can be held. */
        public boolean conflictsWith(Scope other) {
            return upload.equals(other.upload) && (part.isEmpty() || other.part.isEmpty() || part.equals(other.part));
        }
    }

    /** How much a newcomer may ask of those who hold what it wants. */
    enum Urgency {
        /** Nothing: it is given up at once. */
        IF_FREE,
        /** To let go if they have made no progress for a moment. */
        IF_IDLE,
        /** To let go. */
        NOW
    }

    /** The one who holds a lease, as others see it. */
    @FunctionalInterface
    interface Holder {

        /**
         * Somebody waits. Whoever lets go makes durable what can be kept, closes its writer and then its lease, all before
         * this returns or soon after. It may be asked again and again, by any thread.
         */
        void askedToLetGo(Urgency urgency);
    }

    /** How the lease before ended. */
    enum Predecessor {
        /** In order, or there was none. */
        LET_GO,
        /** It ran out: its holder may be alive and must be kept from changing the state, by {@link UploadState#claimed()}. */
        LOST
    }

    /** The right to write, until it is closed. */
    interface Lease extends AutoCloseable {

        /** How the lease before this one ended. */
        Predecessor predecessor();

        /** Lets go; a second time is of no effect. */
        @Override
        void close();
    }

    /**
     * Takes a lease.
     *
     * @param patience how long to wait at most
     * @param holder who is asked when others want the lease
     * @return the lease, or empty if it was not to be had in time
     */
    Optional<Lease> acquire(Scope scope, Urgency urgency, Duration patience, Holder holder)
            throws IOException, InterruptedException;
}
