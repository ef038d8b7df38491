// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.List;

/** Field lines as the tables of the tests write them: {@code (none)}, or lines joined by {@code ⏎}. */
final class FieldText {
    private FieldText() {}

    static List<String> lines(String text) {
        return text.equals("(none)") ? List.of() : List.of(text.split("⏎", -1));
    }
}
