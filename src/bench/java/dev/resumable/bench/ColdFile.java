// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The first byte of a file that nobody has asked for before, under a strong tag. */
record ColdFile(Settings settings) implements Workload {

    private static final long LENGTH = 1L << 30;

    @Override
    public String title() {
        return "Cold file: first byte of 1 GiB with a strong tag";
    }

    @Override
    public List<String> columns() {
        return List.of("container", "contestant", "ms (min / median / max)");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        List<Row> rows = new ArrayList<>();
        rows.add(row(lineup, Contestant.RANGES.title(), lineup.server(Contestant.RANGES)));
        if (lineup.kind() == ContainerKind.TOMCAT) {
            try (ServerProcess strong = ServerProcess.withStrongTags(lineup.kind(), lineup.site())) {
                rows.add(row(lineup, "own, useStrongETags", strong));
            }
        }
        return rows;
    }

    private Row row(Lineup lineup, String contestant, ServerProcess server) throws IOException {
        List<Double> times = new ArrayList<>();
        for (int round = 0; round <= settings.rounds(); round++) {
            String name = "cold-" + round + "-" + server.port() + ".bin";
            lineup.site().writeCold(name, LENGTH);
            try {
                double time = firstByte(server, "/" + name);
                if (round > 0) {
                    times.add(time);
                }
            } catch (WrongAnswerException e) {
                return Row.of(lineup.kind(), contestant, List.of(e.getMessage()));
            } finally {
                lineup.site().delete(name);
            }
        }
        return Row.of(lineup.kind(), contestant, List.of(Spread.of(times).asRatio()));
    }

    private static double firstByte(ServerProcess server, String target) throws IOException {
        try (Connection connection = Connection.open(server.port())) {
            long start = System.nanoTime();
            connection.send(Connection.get(target));
            ReplyHead head = connection.receiveFirstByte();
            double time = (System.nanoTime() - start) / 1e6;
            if (head.status() != 200
                    || head.field("etag").filter(tag -> tag.startsWith("\"")).isEmpty()) {
                throw new WrongAnswerException("answers " + head.status() + " with the tag " + head.field("etag"));
            }
            return time;
        }
    }
}
