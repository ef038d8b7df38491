// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.bench.UploadWay.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One large upload at a time, compared with programs that write the same bytes to the same disk. */
record LargeUpload(Settings settings) implements Workload {

    /** Each round writes some GiB. */
    private static final int ROUNDS_AT_MOST = 3;

    private static final long PART = 5L << 20;
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    @Override
    public String title() {
        return "Upload: " + (settings.upload() >> 20) + " MiB, one connection";
    }

    @Override
    public List<String> columns() {
        return List.of(
                "container",
                "contestant",
                "MiB/s",
                "rate to `cat` and `sync` (min / median / max)",
                "CPU s/GiB",
                "peak RSS MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        Path directory = Site.workDirectory("uploads");
        Path ours = Files.createDirectory(directory.resolve("ours"));
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        try (ServerProcess servlet = Uploader.SERVLET.start(lineup.kind(), ours, ServerProcess.USUAL_HEAP);
                ServerProcess peer = Uploader.TUS_JAVA_SERVER.start(lineup.kind(), theirs, ServerProcess.USUAL_HEAP)) {
            List<UploadWay> ways = List.of(
                    UploadWay.by("cat > file; sync file", directory),
                    UploadWay.by("cat > file; sync file; sha256sum file", directory),
                    UploadWay.over(
                            servlet, "UploadServlet, parts of 5 MiB", (client, size) -> client.parts(size, PART)),
                    UploadWay.over(servlet, "UploadServlet, one PATCH of tus", UploadConnection::tus),
                    UploadWay.over(peer, "tus-java-server, one PATCH of tus", UploadConnection::tus));
            return rows(lineup, ways);
        }
    }

    private List<Row> rows(Lineup lineup, List<UploadWay> ways) {
        Map<UploadWay, List<Taken>> turns = new HashMap<>();
        Map<UploadWay, String> failures = new HashMap<>();
        for (int round = 0; round < Math.min(ROUNDS_AT_MOST, settings.rounds()); round++) {
            for (UploadWay way : ways) {
                try {
                    if (!failures.containsKey(way)) {
                        turns.computeIfAbsent(way, key -> new ArrayList<>())
                                .add(way.transfer().run(settings.upload()));
                    }
                } catch (IOException e) {
                    failures.put(way, String.valueOf(e.getMessage()));
                }
            }
        }
        List<Taken> first = turns.getOrDefault(ways.get(0), List.of());
        return ways.stream()
                .map(way -> Row.of(
                        lineup.kind(),
                        way.title(),
                        failures.containsKey(way)
                                ? List.of("-", failures.get(way), "-", "-")
                                : values(way, turns.get(way), first)))
                .toList();
    }

    private List<String> values(UploadWay way, List<Taken> turns, List<Taken> first) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(turns.size(), first.size()); round++) {
            ratios.add(first.get(round).seconds() / turns.get(round).seconds());
        }
        double mib = settings.upload() / MIB;
        double gib = settings.upload() / GIB;
        return List.of(
                Spread.of(turns.stream().map(turn -> mib / turn.seconds()).toList())
                        .asMedian(),
                ratios.isEmpty() ? "-" : Spread.of(ratios).asRatio(),
                Spread.of(turns.stream().map(turn -> turn.cpuSeconds() / gib).toList())
                        .asMedian(),
                way.server()
                        .map(server -> Spread.number(server.peakBytes() / MIB))
                        .orElse("-"));
    }
}
