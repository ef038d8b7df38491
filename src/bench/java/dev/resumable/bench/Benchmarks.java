// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs all benchmarks and writes the report.
 *
 * <p>One container after the other: start a server of each contestant, run each workload on all of them in turns, stop. Then the
 * parsers, which need no server.
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Takes the file to write; the word {@code quick} where it is only to be seen that all works; and {@code only=TITLE,TITLE} for
     * the workloads alone whose titles begin so.
     */
    public static void main(String[] arguments) throws Exception {
        Settings settings = List.of(arguments).contains("quick") ? Settings.quick() : Settings.full();
        Path report = Path.of(arguments[0]);
        List<Workload> workloads = Workloads.all(settings).stream()
                .filter(workload -> Stream.of(only(List.of(arguments)).split(","))
                        .anyMatch(title -> workload.title().startsWith(title)))
                .toList();
        List<ResultTable> tables = new ArrayList<>(workloads.stream()
                .map(workload -> new ResultTable(workload.title(), workload.columns()))
                .toList());
        Environment environment = Environment.ofNow(settings);
        try (Site site = Site.create()) {
            for (ContainerKind kind : ContainerKind.running()) {
                run(kind, site, workloads, tables);
            }
        }
        if (only(List.of(arguments)).isEmpty()) {
            tables.add(ParserRun.run(settings));
        }
        Report.write(report, environment, only(List.of(arguments)), tables);
        System.out.println("Written: " + report.toAbsolutePath());
    }

    private static String only(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith("only="))
                .map(argument -> argument.substring("only=".length()))
                .findFirst()
                .orElse("");
    }

    private static void run(ContainerKind kind, Site site, List<Workload> workloads, List<ResultTable> tables)
            throws IOException {
        try (Lineup lineup = Lineup.start(kind, site)) {
            for (int i = 0; i < workloads.size(); i++) {
                System.out.println(kind + ": " + workloads.get(i).title());
                for (Row row : workloads.get(i).run(lineup)) {
                    System.out.println("  " + row);
                    tables.get(i).add(row);
                }
            }
        }
    }
}
