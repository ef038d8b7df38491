// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentDecision.NotModified;
import dev.resumable.content.ContentDecision.PreconditionFailed;
import dev.resumable.content.ContentDecision.RangeNotSatisfiable;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.TagCondition;
import dev.resumable.http.TagCondition.Listed;

/**
 * Tells whether what was decided by a file's metadata tag alone would be decided so, too, if its content tag were known: then
 * a file need not be read for an answer that has none of its bytes.
 */
final class EarlyDecision {

    private EarlyDecision() {}

    /** True if the content tag cannot change this decision, and the answer may carry the metadata tag. */
    static boolean isFinal(ContentRequest request, ContentDecision decision) {
        ConditionalRequest conditions = request.conditions();
        if (decision instanceof NotModified) {
            // A further tag cannot undo a match. Without a match, by date or "*", the client's copy may be known by the
            // content
            // tag, and a cache that is sent another one must not refresh that copy (RFC 9111 §4.3.4).
            return conditions.ifNoneMatch() instanceof Listed;
        }
        boolean isBodiless = decision instanceof PreconditionFailed || decision instanceof RangeNotSatisfiable;
        return isBodiless && !namesContentTag(conditions.ifMatch()) && !namesContentTag(conditions.ifNoneMatch());
    }

    private static boolean namesContentTag(TagCondition condition) {
        return condition instanceof Listed listed && listed.tags().stream().anyMatch(EntityTagSource::isContentTag);
    }
}
