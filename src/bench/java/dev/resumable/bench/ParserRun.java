// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link ParserBenchmark} with JMH. */
final class ParserRun {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private ParserRun() {}

    static ResultTable run(Settings settings) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(settings.turn().toMillis());
        List<RunResult> results = List.copyOf(new Runner(new OptionsBuilder()
                        .include(ParserBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        .warmupIterations(settings.rounds())
                        .warmupTime(time)
                        .measurementIterations(settings.rounds())
                        .measurementTime(time)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run());
        ResultTable table = new ResultTable("Parsers", List.of("what", "ns (min / median / max)", "bytes allocated"));
        results.forEach(result -> table.add(row(result)));
        return table;
    }

    private static Row row(RunResult result) {
        var time = result.getPrimaryResult().getStatistics();
        Spread spread = new Spread(time.getMin(), time.getPercentile(50), time.getMax());
        double bytes = result.getSecondaryResults().get(ALLOCATION).getScore();
        String name = result.getPrimaryResult().getLabel();
        return new Row(List.of("`" + name + "`", spread.asRatio(), String.valueOf(Math.round(bytes))));
    }
}
