// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.bench.Throughput.Unit;
import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One contestant in one workload: its connections, its turns, and the reason why it is out of it, if it is. */
final class Competitor implements AutoCloseable {

    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    private final Contestant contestant;
    private final ServerProcess server;
    private final Throughput workload;
    private final List<Turn> turns = new ArrayList<>();
    private Optional<Load> load = Optional.empty();
    private Optional<String> failure = Optional.empty();

    /** The outcome of a turn. */
    private record Turn(double rate, double cost) {}

    Competitor(Contestant contestant, ServerProcess server, Throughput workload) {
        this.contestant = contestant;
        this.server = server;
        this.workload = workload;
    }

    void warmUp() {
        try {
            Load opened = Load.open(
                    server.port(), workload.connections(), workload.requests().apply(server), workload.expected());
            load = Optional.of(opened);
            opened.run(workload.settings().warmUp(), workload.warmUpRequests());
            server.resetPeak();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    void takeTurn() {
        if (failure.isPresent() || load.isEmpty()) {
            return;
        }
        try {
            double before = server.cpuSeconds();
            Load.Tally tally = load.get().run(workload.settings().turn(), 1);
            double cpu = server.cpuSeconds() - before;
            turns.add(
                    workload.unit() == Unit.BYTES
                            ? new Turn(tally.bytes() / MIB / tally.seconds(), cpu / (tally.bytes() / GIB))
                            : new Turn(tally.requests() / tally.seconds(), cpu * 1e6 / tally.requests()));
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException reason) {
        failure = Optional.of(String.valueOf(reason.getMessage()));
    }

    Row row(ContainerKind kind, Competitor own) {
        List<String> values = failure.isPresent()
                ? List.of("-", failure.get(), "-", "-", "-")
                : List.of(
                        median(Turn::rate),
                        ratio(Turn::rate, own),
                        median(Turn::cost),
                        ratio(Turn::cost, own),
                        Spread.number(server.peakBytes() / MIB));
        return Row.of(kind, contestant.title(), values);
    }

    private String median(ToDoubleFunction<Turn> value) {
        return Spread.of(turns.stream().mapToDouble(value).boxed().toList()).asMedian();
    }

    private String ratio(ToDoubleFunction<Turn> value, Competitor own) {
        if (own.failure.isPresent()) {
            return "-";
        }
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < turns.size(); round++) {
            ratios.add(value.applyAsDouble(turns.get(round)) / value.applyAsDouble(own.turns.get(round)));
        }
        return Spread.of(ratios).asRatio();
    }

    @Override
    public void close() {
        load.ifPresent(Load::close);
    }
}
