// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * As many requests as the server can answer.
 *
 * <p>In each round each contestant has one turn; the ratios are those within a round, to {@link Contestant#OWN}.
 *
 * @param requests gives the requests to a server, once it is known
 * @param warmUpRequests how many requests come before the first turn
 */
record Throughput(
        String title,
        Unit unit,
        Set<Contestant> contestants,
        int connections,
        Function<ServerProcess, Supplier<byte[]>> requests,
        Expected expected,
        long warmUpRequests,
        Settings settings)
        implements Workload {

    /** What is counted. */
    enum Unit {
        /** MiB per second; processor seconds per GiB. */
        BYTES("MiB/s", "CPU s/GiB"),
        /** Requests per second; processor microseconds per request. */
        REQUESTS("requests/s", "CPU us/request");

        private final String rate;
        private final String cost;

        Unit(String rate, String cost) {
            this.rate = rate;
            this.cost = cost;
        }
    }

    @Override
    public List<String> columns() {
        return List.of(
                "container",
                "contestant",
                unit.rate,
                "rate to own (min / median / max)",
                unit.cost,
                "CPU to own (min / median / max)",
                "peak RSS MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) {
        List<Competitor> competitors = lineup.present(contestants).stream()
                .map(contestant -> new Competitor(contestant, lineup.server(contestant), this))
                .toList();
        try {
            competitors.forEach(Competitor::warmUp);
            List<Competitor> order = new ArrayList<>(competitors);
            for (int round = 0; round < settings.rounds(); round++) {
                order.forEach(Competitor::takeTurn);
                // So that nobody always comes after the same one.
                Collections.rotate(order, 1);
            }
            Competitor own = competitors.get(0);
            return competitors.stream()
                    .map(competitor -> competitor.row(lineup.kind(), own))
                    .toList();
        } finally {
            competitors.forEach(Competitor::close);
        }
    }
}
