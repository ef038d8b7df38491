// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RangeLimits;
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

    /** 200 with all bytes. */
    record Whole() implements ContentDecision {}

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
        // RFC 9110 §14.2: Range is defined for GET alone; on HEAD it must be ignored.
        if (request.method() != RequestMethod.GET
                || request.ranges().isEmpty()
                || !request.conditions().ifRange().holds(metadata.validators(), now)) {
            return new Whole();
        }
        return of(RangeSelection.select(request.ranges().get(), metadata.length(), limits));
    }

    private static ContentDecision of(RangeSelection selection) {
        if (selection instanceof RangeSelection.Single single) {
            return new Part(single.range());
        }
        if (selection instanceof RangeSelection.Multipart multipart) {
            return new Parts(multipart.ranges());
        }
        return selection instanceof RangeSelection.Unsatisfiable ? new RangeNotSatisfiable() : new Whole();
    }
}
