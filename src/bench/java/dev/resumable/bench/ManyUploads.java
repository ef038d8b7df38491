// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Many uploads at once in a process with a heap of 128 MiB, whose memory must not grow with their number. */
record ManyUploads(Settings settings) implements Workload {

    private static final String HEAP = "-Xmx128m";
    private static final int FEW = 10;
    private static final int MANY = 100;
    private static final double MIB = 1 << 20;

    /** What a number of uploads came to. */
    private record Tally(int whole, double rate, String peak) {}

    @Override
    public String title() {
        return "Uploads: 100 at once of " + Spread.number(size() / MIB) + " MiB each, one PATCH of tus, " + HEAP;
    }

    private long size() {
        return settings.upload() / 64;
    }

    @Override
    public List<String> columns() {
        return List.of(
                "container",
                "contestant",
                "whole uploads",
                "MiB/s in all",
                "peak RSS MiB with 10 at once",
                "peak RSS MiB with 100");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Uploader uploader :
                Stream.of(Uploader.values()).filter(Uploader::isInstalled).toList()) {
            Path directory = Site.workDirectory("uploads");
            try (ServerProcess server = uploader.start(lineup.kind(), directory, HEAP)) {
                Tally few = upload(server, FEW);
                Tally many = upload(server, MANY);
                rows.add(Row.of(
                        lineup.kind(),
                        uploader.title(),
                        List.of(many.whole() + " of " + MANY, Spread.number(many.rate()), few.peak(), many.peak())));
            }
        }
        return rows;
    }

    private Tally upload(ServerProcess server, int count) {
        server.resetPeak();
        ExecutorService clients = Executors.newFixedThreadPool(count);
        try {
            long begun = System.nanoTime();
            List<Future<String>> uploads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                uploads.add(clients.submit(() -> upload(server)));
            }
            int whole = (int) uploads.stream().filter(ManyUploads::isWhole).count();
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Tally(whole, whole * size() / MIB / seconds, Spread.number(server.peakBytes() / MIB));
        } finally {
            clients.shutdownNow();
        }
    }

    private String upload(ServerProcess server) throws IOException {
        try (UploadConnection connection = UploadConnection.open(server.port())) {
            return connection.tus(size());
        }
    }

    private static boolean isWhole(Future<String> upload) {
        try {
            upload.get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
