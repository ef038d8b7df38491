// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@code Vary} field, RFC 9110 §12.5.5: the request fields without which the answer would be another. */
public final class VaryField {
    private static final String EVERYTHING = "*";

    private VaryField() {}

    /**
     * Returns the value that names one more request field; it is named once however often this is done.
     *
     * @param lines the field lines so far; {@code *} among them covers every field
     */
    public static String naming(String fieldName, List<String> lines) {
        // Field names are case-insensitive; the first spelling stays, and so does the order.
        Map<String, String> names = new LinkedHashMap<>();
        FieldCursor cursor = FieldCursor.over(lines);
        while (cursor.toNextMember()) {
            String name = cursor.run(character -> character != ',').strip();
            names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
        }
        if (names.containsKey(EVERYTHING)) {
            return EVERYTHING;
        }
        names.putIfAbsent(fieldName.toLowerCase(Locale.ROOT), fieldName);
        return String.join(", ", names.values());
    }
}
