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

    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    private final String title;
    private final ServerProcess server;
    private final Throughput workload;
    private final List<Turn> turns = new ArrayList<>();
    private Optional<Load> load = Optional.empty();
    private Optional<String> failure = Optional.empty();

    /** The outcome of a turn; the amount is in GiB or in requests. */
    private record Turn(double amount, double rate, double cost) {}

    Competitor(String title, ServerProcess server, Throughput workload) {
        this.title = title;
        this.server = server;
        this.workload = workload;
    }

    void warmUp() {
        try (Load warming = open()) {
            warming.run(workload.settings().warmUp(), workload.warmUpRequests());
            server.resetPeak();
            // Forgets what the warming up has allocated.
            server.heapUse();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private Load open() throws IOException {
        return Load.open(
                server.port(), workload.connections(), workload.requests().apply(server), workload.expected());
    }

    void takeTurn() {
        if (failure.isPresent()) {
            return;
        }
        try {
            if (load.isEmpty()) {
                // Not those of the warming up: while others had theirs a server has closed what was idle.
                load = Optional.of(open());
            }
            double before = server.cpuSeconds();
            Load.Tally tally = load.get().run(workload.settings().turn(), 1);
            double cpu = server.cpuSeconds() - before;
            turns.add(
                    workload.unit() == Unit.BYTES
                            ? new Turn(
                                    tally.bytes() / GIB,
                                    tally.bytes() / MIB / tally.seconds(),
                                    cpu / (tally.bytes() / GIB))
                            : new Turn(
                                    tally.requests(),
                                    tally.requests() / tally.seconds(),
                                    cpu * 1e6 / tally.requests()));
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException reason) {
        failure = Optional.of(String.valueOf(reason.getMessage()));
    }

    Row row(ContainerKind kind, Competitor own) {
        Optional<HeapUse> heap = failure.isPresent() ? Optional.empty() : heapUse();
        List<String> values = failure.isPresent()
                ? List.of("-", failure.get(), "-", "-", "-", "-", "-")
                : List.of(
                        median(Turn::rate),
                        ratio(Turn::rate, own),
                        median(Turn::cost),
                        ratio(Turn::cost, own),
                        Spread.number(server.peakBytes() / MIB),
                        heap.map(use -> garbage(use.allocated())).orElse("-"),
                        heap.map(use -> Spread.number(use.peak() / MIB)).orElse("-"));
        return Row.of(kind, title, values);
    }

    private Optional<HeapUse> heapUse() {
        try {
            return server.heapUse();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String garbage(long bytes) {
        double amount = turns.stream().mapToDouble(Turn::amount).sum();
        return Spread.number(bytes / (workload.unit() == Unit.BYTES ? MIB : KIB) / amount);
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
