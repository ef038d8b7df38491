// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set of media ranges without parameters, such as {@code video/*} and {@code text/html}, RFC 9110 §12.5.1.
 *
 * <p>A range may also name all subtypes of a structured syntax by its suffix, {@code application/*+json} (RFC 6839).
 */
public final class MediaRanges {
    private static final String ANY = "*";
    private static final String ANY_WITH_SUFFIX = "*+";

    private final List<Member> members;

    /** A range or a media type, in lower case. */
    private record Member(String type, String subtype) {
        static Optional<Member> next(FieldCursor cursor) {
            String type = cursor.token();
            boolean separated = cursor.skip('/');
            String subtype = cursor.token();
            return type.isEmpty() || !separated || subtype.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Member(type.toLowerCase(Locale.ROOT), subtype.toLowerCase(Locale.ROOT)));
        }

        boolean contains(Member other) {
            return (type.equals(ANY) || type.equals(other.type)) && containsSubtype(other.subtype);
        }

        private boolean containsSubtype(String other) {
            return subtype.startsWith(ANY_WITH_SUFFIX)
                    ? other.endsWith(subtype.substring(1))
                    : subtype.equals(ANY) || subtype.equals(other);
        }

        /** Tells whether the stars stand where they mean something. */
        boolean isRange() {
            String fixed = subtype.startsWith(ANY_WITH_SUFFIX) ? subtype.substring(ANY_WITH_SUFFIX.length()) : subtype;
            return (type.equals(ANY) ? subtype.startsWith(ANY) : !type.contains(ANY))
                    && (subtype.equals(ANY) || (!fixed.isEmpty() && !fixed.contains(ANY)));
        }
    }

    private MediaRanges(List<Member> members) {
        this.members = List.copyOf(members);
    }

    /** Returns the set that a comma list describes; empty if it has no member, or one that is not well-formed. */
    public static Optional<MediaRanges> parse(String list) {
        List<String> texts = Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        return texts.isEmpty() ? Optional.empty() : of(texts);
    }

    /** Returns the set of the given ranges; empty if one of them is not well-formed or has parameters. */
    public static Optional<MediaRanges> of(Collection<String> texts) {
        List<Member> members = new ArrayList<>(texts.size());
        for (String text : texts) {
            FieldCursor cursor = FieldCursor.over(text);
            Optional<Member> member = Member.next(cursor).filter(Member::isRange);
            if (member.isEmpty() || !cursor.atEnd()) {
                return Optional.empty();
            }
            members.add(member.get());
        }
        return Optional.of(new MediaRanges(members));
    }

    /**
     * Tells whether a {@code Content-Type} is in one of the ranges; its parameters do not count.
     *
     * <p>A value that is not well-formed is in none.
     */
    public boolean contain(String contentType) {
        FieldCursor cursor = FieldCursor.over(contentType).skipWhitespace();
        Optional<Member> type = Member.next(cursor);
        boolean ends = cursor.skipWhitespace().atEnd() || cursor.peek() == ';';
        return ends && type.isPresent() && contain(type.get());
    }

    private boolean contain(Member type) {
        for (Member member : members) {
            if (member.contains(type)) {
                return true;
            }
        }
        return false;
    }

    /** Tells whether there is no range at all. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MediaRanges ranges && members.equals(ranges.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    /** Returns the comma list, in lower case. */
    @Override
    public String toString() {
        return members.stream()
                .map(member -> member.type() + '/' + member.subtype())
                .collect(Collectors.joining(", "));
    }
}
