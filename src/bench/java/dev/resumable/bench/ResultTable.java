// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.ArrayList;
import java.util.List;

/** The rows of one workload from all containers. */
final class ResultTable {

    private final String title;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    ResultTable(String title, List<String> columns) {
        this.title = title;
        this.columns = List.copyOf(columns);
    }

    ResultTable add(Row row) {
        rows.add(row);
        return this;
    }

    String toMarkdown() {
        StringBuilder text = new StringBuilder("## " + title + "\n\n");
        line(text, columns);
        line(text, columns.stream().map(column -> "---").toList());
        rows.forEach(row -> line(text, row.cells()));
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
