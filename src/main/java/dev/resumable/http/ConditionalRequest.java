// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a request, RFC 9110 §13.1, each as it was sent and none of them decided.
 *
 * @param ifMatch the state that must be current
 * @param ifNoneMatch the states that must not be current
 * @param ifModifiedSince the time after which there must have been a change
 * @param ifUnmodifiedSince the time after which there must not have been a change
 * @param ifRange the state that a range set refers to
 */
public record ConditionalRequest(
        TagCondition ifMatch,
        TagCondition ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince,
        IfRange ifRange) {
    private static final ConditionalRequest NONE = parse(fieldName -> List.of());

    /** Returns a request without conditions. */
    public static ConditionalRequest none() {
        return NONE;
    }

    /**
     * Returns the conditions that the fields of a request state.
     *
     * <p>A date field that is not one valid date counts as absent (RFC 9110 §13.1.3, §13.1.4); for the other fields see
     * {@link TagCondition#parse} and {@link IfRange#parse}.
     */
    public static ConditionalRequest parse(FieldLines fields) {
        return new ConditionalRequest(
                TagCondition.parse(fields.lines("If-Match")),
                TagCondition.parse(fields.lines("If-None-Match")),
                date(fields.lines("If-Modified-Since")),
                date(fields.lines("If-Unmodified-Since")),
                IfRange.parse(fields.lines("If-Range")));
    }

    private static Optional<Instant> date(List<String> fieldLines) {
        return fieldLines.size() == 1 ? HttpDate.parse(fieldLines.get(0)) : Optional.empty();
    }
}
