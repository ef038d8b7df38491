// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadState;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request wants to put into a part.
 *
 * @param number the part, from 1
 * @param contentLength the bytes of its body, if they are announced
 * @param digests what the body is checked against
 * @param meantFor whether the part may be there already, and whether it may not
 */
record PartRequest(int number, OptionalLong contentLength, BodyDigests digests, Set<Presence> meantFor) {

    /** Whether a part is there. */
    enum Presence {
        PRESENT,
        MISSING
    }

    /** One for the part as it is. */
    PartRequest(int number, OptionalLong contentLength, BodyDigests digests) {
        this(number, contentLength, digests, Set.of(Presence.values()));
    }

    /** Why the part must not be put, now that nobody else is at it. */
    Optional<Failed> refusal(UploadState state) {
        Presence now = state.parts().containsKey(number) ? Presence.PRESENT : Presence.MISSING;
        return meantFor.contains(now)
                ? Optional.empty()
                : Optional.of(UploadOutcome.failed(
                        UploadProblem.PRECONDITION_FAILED, "The part is not in the state that the request is for."));
    }
}
