// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadState;
import java.util.Map;

/** What the engine did, before a protocol says it in its own words. */
sealed interface UploadOutcome {

    /** A new upload. */
    record Created(UploadState state) implements UploadOutcome {}

    /** The owner has an unfinished upload of the same bytes: it goes on. */
    record Resumed(UploadState state) implements UploadOutcome {}

    /** The owner has a file of the same bytes: nothing need be sent. */
    record Stored(StoredFile file) implements UploadOutcome {}

    /** The upload as it is. */
    record Found(UploadState state) implements UploadOutcome {}

    /** Bytes were appended; more may follow. */
    record Advanced(UploadState state) implements UploadOutcome {}

    /** A part is there. */
    record PartStored(UploadState state, Part part) implements UploadOutcome {}

    /** The upload has become a file, now or before. */
    record Completed(UploadState state, StoredFile file) implements UploadOutcome {}

    /** The upload, or the file, is gone. */
    record Removed() implements UploadOutcome {}

    /**
     * Nothing was done but what the members say, such as the offset.
     *
     * @param problem what is wrong
     * @param status of the answer, in general that of the problem
     * @param detail for people; names no path and no other owner
     * @param members more members of the problem document, with values that JSON knows
     */
    record Failed(UploadProblem problem, int status, String detail, Map<String, Object> members)
            implements UploadOutcome {

        /** Takes the members as a copy. */
        public Failed {
            members = Map.copyOf(members);
        }
    }

    /** A problem without more members. */
    static Failed failed(UploadProblem problem, String detail) {
        return failed(problem, detail, Map.of());
    }

    /** A problem with members of its own. */
    static Failed failed(UploadProblem problem, String detail, Map<String, Object> members) {
        return new Failed(problem, problem.status(), detail, members);
    }

    /** The answer to all that is not there or not the owner's: always the same. */
    static Failed notFound() {
        return failed(UploadProblem.NOT_FOUND, "There is nothing of this name.");
    }
}
