// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names of the directives of a {@code Cache-Control} field, RFC 9111 §5.2.
 *
 * <p>Arguments are read over. A value that breaks the grammar is read as far as it goes: a directive that forbids something is
 * better obeyed once too often.
 */
public final class CacheControlField {
    private final Set<String> names;

    private CacheControlField(Set<String> names) {
        this.names = names;
    }

    /** Returns what the field lines say. */
    public static CacheControlField parse(List<String> lines) {
        Set<String> names = new HashSet<>();
        FieldCursor cursor = FieldCursor.over(lines);
        while (cursor.toNextMember()) {
            names.add(cursor.token().toLowerCase(Locale.ROOT));
            if (cursor.skip('=') && cursor.peek() == '"') {
                cursor.quotedString();
            }
            cursor.run(character -> character != ',');
        }
        return new CacheControlField(names);
    }

    /** Tells whether a directive is there; its name is in lower case. */
    public boolean has(String directive) {
        return names.contains(directive);
    }
}
