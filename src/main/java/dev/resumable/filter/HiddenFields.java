// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.filter.RangeAwareServlets.Awareness;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.FieldLines;
import dev.resumable.http.TagCondition;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The request fields that the application does not see, because they are answered here.
 *
 * <p>If it saw them, the container's default servlet would answer first, each container with mistakes of its own.
 */
final class HiddenFields {

    /** What becomes of the fields. */
    enum Sight {
        /** They are answered here, and nobody behind sees them. */
        HIDDEN,
        /** They are handed on to whoever may answer them. */
        PASSED_ON
    }

    private static final Set<String> CONDITIONS_AND_RANGES =
            Set.of("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since");

    private HiddenFields() {}

    /** True if the field is for us alone. */
    static boolean hides(String name) {
        return CONDITIONS_AND_RANGES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Fields for a servlet that hands them on; not if they have a tag that only the filter can know. */
    static Sight sight(ConditionalRequest conditions, FieldLines request, Awareness awareness) {
        return awareness == Awareness.PASSING && !hasOurs(conditions, request) ? Sight.PASSED_ON : Sight.HIDDEN;
    }

    private static boolean hasOurs(ConditionalRequest conditions, FieldLines request) {
        return hasOurs(conditions.ifMatch())
                || hasOurs(conditions.ifNoneMatch())
                || request.lines("If-Range").stream()
                        .anyMatch(line -> EntityTag.parse(line)
                                .filter(EntityTagSource::isOurs)
                                .isPresent());
    }

    private static boolean hasOurs(TagCondition condition) {
        return condition instanceof TagCondition.Listed listed
                && listed.tags().stream().anyMatch(EntityTagSource::isOurs);
    }

    /**
     * The lines of If-None-Match that the application may see: all of them if every tag is foreign, so that a cheap 304 of
     * its own goes on working, else none; and none beside a condition that is decided first (RFC 9110 §13.2.2).
     */
    static List<String> shownIfNoneMatch(ConditionalRequest conditions, FieldLines request) {
        boolean first = !conditions.ifMatch().isPresent()
                && conditions.ifUnmodifiedSince().isEmpty();
        boolean foreign = conditions.ifNoneMatch() instanceof TagCondition.Listed listed
                && listed.tags().stream().noneMatch((EntityTag tag) -> EntityTagSource.isOurs(tag));
        return first && foreign ? request.lines("If-None-Match") : List.of();
    }
}
