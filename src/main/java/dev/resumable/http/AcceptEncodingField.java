// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An {@code Accept-Encoding} field, RFC 9110 §12.5.3: the content codings that a client can undo. */
public final class AcceptEncodingField {
    private static final String IDENTITY = "identity";
    private static final String ANY_OTHER = "*";
    private static final int LEAST = 1;
    private static final AcceptEncodingField NOTHING_NAMED = new AcceptEncodingField(Map.of());

    /** RFC 9110 §8.4.1: the names of old that mean the same. */
    private static final Map<String, String> ALIASES = Map.of("x-gzip", "gzip", "x-compress", "compress");

    /** By the name of the coding in lower case. */
    private final Map<String, Integer> weights;

    private AcceptEncodingField(Map<String, Integer> weights) {
        this.weights = weights;
    }

    /**
     * Returns what the field lines accept together.
     *
     * <p>A member that is not well-formed is ignored. Of members with one name the least weight counts: a coding that a
     * client does not want after all would be of no use to it. No field accepts no coding: RFC 9110 would allow any, but
     * such a client has not said that it can undo one.
     */
    public static AcceptEncodingField parse(List<String> lines) {
        if (lines.isEmpty()) {
            return NOTHING_NAMED;
        }
        FieldCursor cursor = FieldCursor.over(lines);
        Map<String, Integer> weights = new HashMap<>();
        while (cursor.toNextMember()) {
            String name = cursor.token();
            Optional<Integer> weight = nextWeight(cursor);
            if (!name.isEmpty() && weight.isPresent() && cursor.atMemberEnd()) {
                weights.merge(canonical(name), weight.get(), Math::min);
            } else {
                cursor.run(character -> character != ',');
            }
        }
        return new AcceptEncodingField(weights);
    }

    /** Returns the weight behind a coding, the full one if there is none, or nothing if it is malformed. */
    private static Optional<Integer> nextWeight(FieldCursor cursor) {
        if (!cursor.skipWhitespace().skip(';')) {
            return Optional.of(Weight.FULL);
        }
        boolean named = cursor.skipWhitespace().token().equalsIgnoreCase("q") && cursor.skip('=');
        return named ? Weight.parse(cursor.token()) : Optional.empty();
    }

    private static String canonical(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(lowerCase, lowerCase);
    }

    /**
     * Returns how much the client likes a coding, in thousandths from 0 (refused) to 1000.
     *
     * @param coding its name in lower case; {@code identity} stands for no coding, which is acceptable, but liked least,
     *     unless the field says otherwise
     */
    public int quality(String coding) {
        Integer own = weights.get(coding);
        if (own != null) {
            return own;
        }
        return weights.getOrDefault(ANY_OTHER, coding.equals(IDENTITY) ? LEAST : 0);
    }

    /** Tells whether an answer in this coding is acceptable. */
    public boolean accepts(String coding) {
        return quality(coding) > 0;
    }

    /** Tells whether an answer in this coding is acceptable and liked at least as much as one without any. */
    public boolean prefers(String coding) {
        return accepts(coding) && quality(coding) >= quality(IDENTITY);
    }
}
