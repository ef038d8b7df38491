// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RangeField;
import dev.resumable.http.RangeLimits;
import dev.resumable.http.RangeOutcome;
import dev.resumable.http.RangeSelection;
import dev.resumable.http.RequestMethod;
import java.time.Instant;
import java.util.List;

/**
 * The answer that a request deserves, before anything is written: a pure function of request and metadata.
 *
 * <p>Request and metadata in, decision out, no I/O: the same decision serves bytes that we read ourselves
 * ({@link Representation}) and bytes that an application pushes through us.
 */
sealed interface ContentDecision {

    /** 200 with all bytes, and why not a part of them. */
    record Whole(RangeOutcome why) implements ContentDecision {}

    /** 206 with one range. */
    record Part(ByteRange range) implements ContentDecision {}

    /** 206 with several ranges as multipart/byteranges, in the order of the list. */
    record Parts(List<ByteRange> ranges) implements ContentDecision {}

    /** 304: the client's copy is current. */
    record NotModified() implements ContentDecision {}

    /** 412: a condition of the client does not hold. */
    record PreconditionFailed() implements ContentDecision {}

    /** 416: no asked range overlaps the representation. */
    record RangeNotSatisfiable() implements ContentDecision {}

    /**
     * Decides in the order of RFC 9110 §13.2.2: preconditions first, then If-Range, then Range.
     *
     * @param now the moment of the decision, which tells whether a date is a strong validator (RFC 9110 §8.8.2.2)
     */
    static ContentDecision decide(
            ContentRequest request, RepresentationMetadata metadata, RangeLimits limits, Instant now) {
        Preconditions outcome = Preconditions.evaluate(request.conditions(), metadata.validators(), request.method());
        if (outcome instanceof Preconditions.NotModified) {
            return new NotModified();
        }
        if (outcome instanceof Preconditions.Failed) {
            return new PreconditionFailed();
        }
        if (request.ranges() instanceof RangeField.Asked) {
            // RFC 9110 §14.2: Range is defined for GET alone; on HEAD it must be ignored.
            if (request.method() != RequestMethod.GET) {
                return new Whole(RangeOutcome.NOT_GET);
            }
            if (!request.conditions().ifRange().holds(metadata.validators(), now)) {
                return new Whole(RangeOutcome.IF_RANGE_MISMATCH);
            }
        }
        return of(request.ranges().select(metadata.length(), limits));
    }

    private static ContentDecision of(RangeSelection selection) {
        if (selection instanceof RangeSelection.Single single) {
            return new Part(single.range());
        }
        if (selection instanceof RangeSelection.Multipart multipart) {
            return new Parts(multipart.ranges());
        }
        return selection instanceof RangeSelection.Whole whole ? new Whole(whole.why()) : new RangeNotSatisfiable();
    }
}
