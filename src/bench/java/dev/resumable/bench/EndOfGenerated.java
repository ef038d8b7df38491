// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A range near the end of a body that has to be generated whole: what resuming such a download costs. */
record EndOfGenerated(Settings settings) implements Workload {

    private static final long LENGTH = 64L << 20;
    private static final Set<Contestant> CONTESTANTS = EnumSet.of(Contestant.OWN, Contestant.RANGES, Contestant.SPRING);

    @Override
    public String title() {
        return "Resumed: the last 64 KiB of a generated 64 MiB";
    }

    @Override
    public List<String> columns() {
        return List.of("container", "contestant", "answer", "ms (min / median / max)");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        byte[] request = Connection.get("/generated?length=" + LENGTH, "Range: bytes=" + (LENGTH - (64 << 10)) + "-");
        Map<Contestant, List<Double>> times = new EnumMap<>(Contestant.class);
        Map<Contestant, String> answers = new EnumMap<>(Contestant.class);
        // One round more than counts: the first is to warm up.
        for (int round = 0; round <= settings.rounds(); round++) {
            for (Contestant contestant : CONTESTANTS) {
                try (Connection connection =
                        Connection.open(lineup.server(contestant).port())) {
                    long start = System.nanoTime();
                    connection.send(request);
                    Reply reply = connection.receive();
                    double millis = (System.nanoTime() - start) / 1e6;
                    answers.put(contestant, reply.head().status() + " with " + reply.bytes() + " bytes");
                    if (round > 0) {
                        times.computeIfAbsent(contestant, key -> new ArrayList<>())
                                .add(millis);
                    }
                }
            }
        }
        return CONTESTANTS.stream()
                .map(contestant -> Row.of(
                        lineup.kind(),
                        contestant.title(),
                        List.of(
                                answers.get(contestant),
                                Spread.of(times.get(contestant)).asRatio())))
                .toList();
    }
}
