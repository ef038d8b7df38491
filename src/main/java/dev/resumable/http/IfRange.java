// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code If-Range} says, RFC 9110 §13.1.5: send the range if the state is unchanged, else the whole.
 *
 * <p>A value that cannot be understood is not the same as none: the client did say that it holds a part of some state,
 * so bytes of another state must never be spliced to it. {@link Unusable} therefore never holds.
 */
public sealed interface IfRange {
    /**
     * Returns the condition that the field lines state: a tag, a date, or {@link Unusable} for anything else.
     *
     * <p>No line is {@link Absent}; several lines combine to a value that is neither a tag nor a date.
     */
    static IfRange parse(List<String> fieldLines) {
        if (fieldLines.isEmpty()) {
            return new Absent();
        }
        String fieldValue = String.join(", ", fieldLines);
        Optional<IfRange> tag = EntityTag.parse(fieldValue).map(Tag::new);
        return tag.or(() -> HttpDate.parse(fieldValue).map(Date::new)).orElseGet(Unusable::new);
    }

    /**
     * Tells whether the range set may be obeyed for the current state.
     *
     * @param now the time of this request
     */
    boolean holds(Validators current, Instant now);

    /** No condition: it always holds. */
    record Absent() implements IfRange {
        @Override
        public boolean holds(Validators current, Instant now) {
            return true;
        }
    }

    /**
     * The state that the client has a part of, by its tag.
     *
     * @param entityTag the tag; a weak one never holds
     */
    record Tag(EntityTag entityTag) implements IfRange {
        @Override
        public boolean holds(Validators current, Instant now) {
            return current.anyTagMatchesStrongly(entityTag);
        }
    }

    /**
     * The state that the client has a part of, by the time of its last change.
     *
     * @param lastModified the time in whole seconds
     */
    record Date(Instant lastModified) implements IfRange {
        @Override
        public boolean holds(Validators current, Instant now) {
            // RFC 9110 §13.1.5: exactly equal, not "not later"; and only if the date is a strong validator, which it
            // is not while the same second may still see another change (§8.8.2.2).
            return current.lastModified().filter(lastModified::equals).isPresent()
                    && !lastModified.plusSeconds(1).isAfter(now);
        }
    }

    /** A value that names no state: it never holds. */
    record Unusable() implements IfRange {
        @Override
        public boolean holds(Validators current, Instant now) {
            return false;
        }
    }
}
