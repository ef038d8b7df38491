// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentDecision.NotModified;
import dev.resumable.http.TagCondition.Listed;

/**
 * Tells whether what was decided by a file's metadata tag alone would be decided so, too, if its content tag were known: then
 * a file need not be read for an answer that has none of its bytes.
 *
 * <p>A 412 or 416 is not final before the digest is known: whatever comes first, the answers to one state of a file name one
 * tag, unless the client has shown that it knows the other.
 */
final class EarlyDecision {

    private EarlyDecision() {}

    /** True if the content tag cannot change this decision, and the answer may carry the metadata tag. */
    static boolean isFinal(ContentRequest request, ContentDecision decision) {
        // A further tag cannot undo a match. Without a match, by date or "*", the client's copy may be known by the
        // content
        // tag, and a cache that is sent another one must not refresh that copy (RFC 9111 §4.3.4).
        return decision instanceof NotModified && request.conditions().ifNoneMatch() instanceof Listed;
    }
}
