// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Optional;

/**
 * One media-range of an {@code Accept} field with its weight, RFC 9110 §12.5.1.
 *
 * @param type the type or {@code *}
 * @param subtype the subtype or {@code *}
 * @param precision how much of a media type the range fixes
 * @param weight the weight in thousandths, 0 to 1000
 */
record MediaRange(String type, String subtype, Precision precision, int weight) {
    /** How much of a media type a range fixes, the least first. */
    enum Precision {
        NONE,
        TYPE,
        SUBTYPE,
        /** It fixes parameters as well, so that a media type without parameters is not in it. */
        PARAMETERS
    }

    /** Returns the range that starts at the cursor; after a malformed one the position of the cursor is undefined. */
    static Optional<MediaRange> next(FieldCursor cursor) {
        String type = cursor.token();
        boolean separated = cursor.skip('/');
        String subtype = cursor.token();
        boolean anySubtypeOfAny = type.equals("*") && !subtype.equals("*");
        if (type.isEmpty() || !separated || subtype.isEmpty() || anySubtypeOfAny) {
            return Optional.empty();
        }
        return withParameters(type, subtype, cursor);
    }

    boolean contains(String otherType, String otherSubtype) {
        return switch (precision) {
            case NONE -> true;
            case TYPE -> type.equalsIgnoreCase(otherType);
            case SUBTYPE -> type.equalsIgnoreCase(otherType) && subtype.equalsIgnoreCase(otherSubtype);
            case PARAMETERS -> false;
        };
    }

    private static Optional<MediaRange> withParameters(String type, String subtype, FieldCursor cursor) {
        Precision precision = precisionOf(type, subtype);
        Optional<Integer> weight = Optional.empty();
        while (cursor.skipWhitespace().skip(';')) {
            String name = cursor.skipWhitespace().token();
            if (name.isEmpty()) {
                // RFC 9110 §5.6.6: a parameter may be empty.
                continue;
            }
            Optional<String> value = cursor.skip('=') ? parameterValue(cursor) : Optional.empty();
            boolean isWeight = name.equalsIgnoreCase("q") && weight.isEmpty();
            if (isWeight) {
                weight = value.flatMap(Weight::parse);
            }
            if (value.isEmpty() || (isWeight && weight.isEmpty())) {
                return Optional.empty();
            }
            if (narrows(name) && weight.isEmpty()) {
                precision = Precision.PARAMETERS;
            }
        }
        return Optional.of(new MediaRange(type, subtype, precision, weight.orElse(Weight.FULL)));
    }

    /**
     * Tells whether a parameter excludes the media type without parameters.
     *
     * <p>Deviation: RFC 9110 §12.5.1 makes no difference between parameters, but hand-written REST clients copy
     * {@code application/json; charset=utf-8} from their {@code Content-Type} and mean any JSON.
     */
    private static boolean narrows(String parameterName) {
        return !parameterName.equalsIgnoreCase("charset");
    }

    private static Optional<String> parameterValue(FieldCursor cursor) {
        if (cursor.peek() == '"') {
            return cursor.quotedString();
        }
        return Optional.of(cursor.token()).filter(token -> !token.isEmpty());
    }

    private static Precision precisionOf(String type, String subtype) {
        if (type.equals("*")) {
            return Precision.NONE;
        }
        return subtype.equals("*") ? Precision.TYPE : Precision.SUBTYPE;
    }
}
