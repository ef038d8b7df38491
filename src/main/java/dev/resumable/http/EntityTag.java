// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Objects;
import java.util.Optional;

/**
 * An entity tag, RFC 9110 §8.8.3: the name that a server gives to one state of a representation.
 *
 * <p>Equality is that of the field value; what a condition asks for is one of the two comparisons of RFC 9110 §8.8.3.2,
 * {@link #matchesStrongly} and {@link #matchesWeakly}.
 */
public final class EntityTag {
    private final Strength strength;
    private final String opaque;

    private EntityTag(Strength strength, String opaque) {
        this.strength = strength;
        this.opaque = opaque;
    }

    /**
     * Returns a strong tag: equal tags promise equal bytes.
     *
     * @param opaque the characters between the quotes
     * @throws IllegalArgumentException if a character is not an {@code etagc}
     */
    public static EntityTag strong(String opaque) {
        return new EntityTag(Strength.STRONG, checked(opaque));
    }

    /**
     * Returns a weak tag: equal tags promise the same meaning, not the same bytes.
     *
     * @param opaque the characters between the quotes
     * @throws IllegalArgumentException if a character is not an {@code etagc}
     */
    public static EntityTag weak(String opaque) {
        return new EntityTag(Strength.WEAK, checked(opaque));
    }

    /**
     * Returns the tag that a field value such as {@code "v1"} or {@code W/"v1"} is made of.
     *
     * <p>The whole value must be exactly one entity tag; {@code OWS} around it is allowed. Anything else is empty.
     */
    public static Optional<EntityTag> parse(String fieldValue) {
        FieldCursor cursor = FieldCursor.over(fieldValue).skipWhitespace();
        return next(cursor).filter(tag -> cursor.skipWhitespace().atEnd());
    }

    /** Returns the tag that starts at the cursor; after a malformed one the position of the cursor is undefined. */
    static Optional<EntityTag> next(FieldCursor cursor) {
        // RFC 9110 §8.8.3: "W/" is case-sensitive.
        Strength strength = cursor.skip('W') ? Strength.WEAK : Strength.STRONG;
        if (strength == Strength.WEAK && !cursor.skip('/')) {
            return Optional.empty();
        }
        if (!cursor.skip('"')) {
            return Optional.empty();
        }
        String opaque = cursor.run(EntityTag::isTagCharacter);
        return cursor.skip('"') ? Optional.of(new EntityTag(strength, opaque)) : Optional.empty();
    }

    /** Returns the characters between the quotes. */
    public String opaque() {
        return opaque;
    }

    /** Tells whether the tag stands for equal bytes. */
    public boolean isStrong() {
        return strength == Strength.STRONG;
    }

    /** Tells whether the tag stands for the same meaning only. */
    public boolean isWeak() {
        return strength == Strength.WEAK;
    }

    /** Compares strongly, RFC 9110 §8.8.3.2: both tags are strong and equal. */
    public boolean matchesStrongly(EntityTag other) {
        return isStrong() && other.isStrong() && opaque.equals(other.opaque);
    }

    /** Compares weakly, RFC 9110 §8.8.3.2: the opaque parts are equal, whatever the strength of each. */
    public boolean matchesWeakly(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntityTag tag && strength == tag.strength && opaque.equals(tag.opaque);
    }

    @Override
    public int hashCode() {
        return Objects.hash(strength, opaque);
    }

    /** Returns the field value. */
    @Override
    public String toString() {
        return strength.prefix + '"' + opaque + '"';
    }

    private static String checked(String opaque) {
        for (int i = 0; i < opaque.length(); i++) {
            if (!isTagCharacter(opaque.charAt(i))) {
                throw new IllegalArgumentException("Not the opaque part of an entity tag: " + opaque);
            }
        }
        return opaque;
    }

    private static boolean isTagCharacter(int character) {
        return character == '!' || ('#' <= character && character <= '~') || FieldCursor.isObsText(character);
    }

    private enum Strength {
        STRONG(""),
        WEAK("W/");

        private final String prefix;

        Strength(String prefix) {
            this.prefix = prefix;
        }
    }
}
