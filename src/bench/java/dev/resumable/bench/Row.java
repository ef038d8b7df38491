// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line of a table of results. */
record Row(List<String> cells) {

    /** Takes the cells as a copy. */
    Row {
        cells = List.copyOf(cells);
    }

    static Row of(ContainerKind kind, String contestant, List<String> values) {
        String container = kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
        List<String> cells = new ArrayList<>(List.of(container, contestant));
        cells.addAll(values);
        return new Row(cells);
    }

    @Override
    public String toString() {
        return String.join(" | ", cells);
    }
}
