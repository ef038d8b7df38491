// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code If-Match} or {@code If-None-Match} says, RFC 9110 §13.1.1 and §13.1.2. */
public sealed interface TagCondition {
    /**
     * Returns the condition that the lines of one field state together.
     *
     * <p>No line is {@link Absent}; a value that is not well-formed as a whole is {@link Unusable}, which matches
     * nothing rather than half of what it lists. Empty list elements are allowed (RFC 9110 §5.6.1.2); a list of
     * nothing else is well-formed and matches nothing.
     */
    static TagCondition parse(List<String> fieldLines) {
        if (fieldLines.isEmpty()) {
            return new Absent();
        }
        FieldCursor star = FieldCursor.over(fieldLines).skipWhitespace();
        if (star.skip('*')) {
            return star.skipWhitespace().atEnd() ? new Any() : new Unusable();
        }
        return parseList(FieldCursor.over(fieldLines));
    }

    private static TagCondition parseList(FieldCursor cursor) {
        List<EntityTag> tags = new ArrayList<>();
        while (cursor.toNextMember()) {
            Optional<EntityTag> tag = EntityTag.next(cursor);
            if (tag.isEmpty() || !cursor.atMemberEnd()) {
                return new Unusable();
            }
            tags.add(tag.get());
        }
        return new Listed(tags);
    }

    /** Tells whether there is a condition at all. */
    boolean isPresent();

    /** Tells whether a tag of the current state matches by the strong comparison, as {@code If-Match} asks. */
    boolean matchesStrongly(Validators current);

    /** Tells whether a tag of the current state matches by the weak comparison, as {@code If-None-Match} asks. */
    boolean matchesWeakly(Validators current);

    /** No condition: the field is not there. */
    record Absent() implements TagCondition {
        @Override
        public boolean isPresent() {
            return false;
        }

        @Override
        public boolean matchesStrongly(Validators current) {
            return false;
        }

        @Override
        public boolean matchesWeakly(Validators current) {
            return false;
        }
    }

    /**
     * A condition that names no state.
     *
     * <p>It is there all the same: RFC 9110 §13.1.1 and §13.1.2 end with "otherwise" for it, which fails a request that
     * relies on a state and carries out one that asks for what is new; and no date speaks in its place.
     */
    record Unusable() implements TagCondition {
        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public boolean matchesStrongly(Validators current) {
            return false;
        }

        @Override
        public boolean matchesWeakly(Validators current) {
            return false;
        }
    }

    /** The value {@code *}: it matches every current representation, tagged or not. */
    record Any() implements TagCondition {
        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public boolean matchesStrongly(Validators current) {
            return true;
        }

        @Override
        public boolean matchesWeakly(Validators current) {
            return true;
        }
    }

    /**
     * A list of tags, any of which may match.
     *
     * @param tags the tags in the order of the field
     */
    record Listed(List<EntityTag> tags) implements TagCondition {
        /** Keeps a copy of the list. */
        public Listed {
            tags = List.copyOf(tags);
        }

        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public boolean matchesStrongly(Validators current) {
            return tags.stream().anyMatch(current::anyTagMatchesStrongly);
        }

        @Override
        public boolean matchesWeakly(Validators current) {
            return tags.stream().anyMatch(current::anyTagMatchesWeakly);
        }
    }
}
