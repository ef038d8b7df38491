// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * As many requests as the server can answer.
 *
 * <p>In each round each contestant has one turn; the ratios are those within a round, to the first, as {@link Contestant#OWN}.
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
        BYTES("MiB/s", "CPU s/GiB", "garbage MiB/GiB"),
        /** Requests per second; processor microseconds per request. */
        REQUESTS("requests/s", "CPU us/request", "garbage KiB/request");

        private final String rate;
        private final String cost;
        private final String garbage;

        Unit(String rate, String cost, String garbage) {
            this.rate = rate;
            this.cost = cost;
            this.garbage = garbage;
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
                "peak RSS MiB",
                unit.garbage,
                "peak heap MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) {
        Map<String, ServerProcess> servers = new LinkedHashMap<>();
        lineup.present(contestants).forEach(contestant -> servers.put(contestant.title(), lineup.server(contestant)));
        return run(lineup.kind(), servers);
    }

    /** Runs it on these servers, by their names in the report; the first is what the others are compared with. */
    List<Row> run(ContainerKind kind, Map<String, ServerProcess> servers) {
        List<Competitor> competitors = servers.entrySet().stream()
                .map(server -> new Competitor(server.getKey(), server.getValue(), this))
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
                    .map(competitor -> competitor.row(kind, own))
                    .toList();
        } finally {
            competitors.forEach(Competitor::close);
        }
    }
}
