// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentDecision.NotModified;
import dev.resumable.content.ContentDecision.PreconditionFailed;
import dev.resumable.content.ContentDecision.RangeNotSatisfiable;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.TagCondition;
import dev.resumable.http.TagCondition.Listed;

/**
 * Whether what was decided by a file's metadata tag alone would be decided so, too, if its content tag were known: then a file
 * need not be read for an answer that has none of its bytes.
 */
enum EarlyDecision {
    /** The content tag may decide otherwise, or is the tag of the answer. */
    OPEN,
    /** The client has shown that it knows the metadata tag, so the answer carries that. */
    FINAL,
    /**
     * The answer carries no tag, as none is asked of it: whatever comes first, the answers to one state of a file name one tag,
     * unless the client has shown that it knows the other.
     */
    FINAL_WITHOUT_TAG;

    static EarlyDecision of(ContentRequest request, ContentDecision decision) {
        ConditionalRequest conditions = request.conditions();
        if (decision instanceof NotModified) {
            // A further tag cannot undo a match. Without a match, by date or "*", the client's copy may be known by the
            // content tag, and a cache that is sent another one must not refresh that copy (RFC 9111 §4.3.4).
            return conditions.ifNoneMatch() instanceof Listed ? FINAL : OPEN;
        }
        boolean mayStillMatch = decision instanceof PreconditionFailed
                ? mayNameBytes(conditions.ifMatch())
                : mayNameBytes(conditions.ifNoneMatch());
        boolean isError = decision instanceof PreconditionFailed || decision instanceof RangeNotSatisfiable;
        return isError && !mayStillMatch ? FINAL_WITHOUT_TAG : OPEN;
    }

    private static boolean mayNameBytes(TagCondition condition) {
        return condition instanceof Listed listed && listed.tags().stream().anyMatch(EntityTagSource::isContentTag);
    }
}
