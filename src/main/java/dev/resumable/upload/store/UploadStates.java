// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the state of every upload until it expires. Every change is durable when the method returns.
 *
 * <p>A state that could not be stored is an {@link IOException}; the stored one is then the old one, whole.
 */
public interface UploadStates {

    /** What became of a new upload. */
    enum Admission {
        /** It is stored. */
        ADMITTED,
        /** The owner has too many unfinished uploads. */
        TOO_MANY,
        /** The owner's unfinished uploads would reserve too many bytes. */
        OVER_QUOTA
    }

    /** What became of a change. */
    enum Change {
        /** It is stored. */
        DONE,
        /** Another change came first, or the upload is gone. */
        STALE
    }

    /**
     * What one owner's unfinished uploads may take.
     *
     * @param uploads the most uploads
     * @param bytes the most bytes, by {@link UploadState#reserved()}
     */
    record OwnerLimits(int uploads, long bytes) {}

    /** The state, or empty if there is no such upload. */
    Optional<UploadState> find(UploadId id) throws IOException;

    /**
     * Stores a new upload, if with it the owner is within the limits; that is one step, also for racing requests. If that fails,
     * nothing of it is left.
     */
    Admission create(UploadState state, OwnerLimits limits) throws IOException;

    /** Stores a state if the stored one is of the version before it. */
    Change replace(UploadState next) throws IOException;

    /**
     * The same, for a state that differs from the one before it by a part, its offset and its expiry alone: a store that can,
     * writes no more than that.
     */
    default Change replace(UploadState next, Part part) throws IOException {
        return replace(next);
    }

    /** Removes a state if the stored one is of its version; needs no free space. */
    Change delete(UploadState state) throws IOException;

    /** The uploads of an owner that are not complete. */
    List<UploadState> unfinished(String owner) throws IOException;

    /** Those that expired before a time, the oldest first, and at most so many. */
    List<UploadState> expired(Instant before, int limit) throws IOException;

    /** Those that {@link UploadState#awaitsFile() await their file}, since a crash or a failure came between. */
    List<UploadState> interrupted() throws IOException;
}
