// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an application may see of uploads and refuse; implement what is needed.
 *
 * <p>Methods are called by the thread that does the work, perhaps by many at once, and should be quick. What the five that
 * report throw is logged and else of no effect; an exception of the two that may refuse is a refusal with status 500.
 *
 * <p>A refusal with a status of 500 or more is one that may pass: an upload whose bytes are there keeps them, and is asked about
 * again when it is tried again.
 */
public interface UploadListener {

    /**
     * A refusal, as the client gets it.
     *
     * @param status of the answer, 400 to 599
     * @param detail for people
     */
    record Refusal(int status, String detail) {

        /** Takes no status that would be an answer to something that has worked. */
        public Refusal {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("a refusal has a status from 400 to 599, not " + status);
            }
        }
    }

    /** Asked before an upload is created; the length is not known if it is deferred. */
    default Optional<Refusal> beforeCreation(UploadPlan plan, OptionalLong length) {
        return Optional.empty();
    }

    /** Asked when all bytes are there and before there is a file; {@code sha256} is that of the server. */
    default Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
        return Optional.empty();
    }

    /** An upload was created. */
    default void created(UploadState state) {}

    /** Bytes became durable: a part, the bytes of an append, or some of them while the rest comes. */
    default void progressed(UploadState state) {}

    /** An upload became a file. It may be told again after a crash. */
    default void completed(UploadState state, StoredFile file) {}

    /** An upload was cancelled by its owner. */
    default void cancelled(UploadState state) {}

    /** An unfinished upload was removed since nobody went on with it. */
    default void expired(UploadState state) {}
}
