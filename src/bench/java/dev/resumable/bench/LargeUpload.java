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
        List<ServerProcess> servers = new ArrayList<>();
        try {
            List<UploadWay> ways = new ArrayList<>(List.of(
                    UploadWay.by("cat > file; sync file", directory),
                    UploadWay.by("cat > file; sync file; sha256sum file", directory)));
            for (Uploader uploader : Uploader.values()) {
                if (uploader.isInstalled()) {
                    Path uploads = Files.createDirectory(directory.resolve(uploader.name()));
                    ServerProcess server = uploader.start(lineup.kind(), uploads, ServerProcess.USUAL_HEAP);
                    servers.add(server);
                    ways.addAll(ways(uploader, server));
                }
            }
            return rows(lineup, ways);
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    private static List<UploadWay> ways(Uploader uploader, ServerProcess server) {
        UploadWay tus = UploadWay.over(server, uploader.title() + ", one PATCH of tus", UploadConnection::tus);
        return uploader == Uploader.SERVLET
                ? List.of(
                        UploadWay.over(
                                server,
                                uploader.title() + ", parts of 5 MiB",
                                (client, size) -> client.parts(size, PART)),
                        tus)
                : List.of(tus);
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
