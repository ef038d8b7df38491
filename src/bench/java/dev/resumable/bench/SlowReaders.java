// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A small request beside many clients that take their answers slowly: who waits holds a thread, or does not. */
record SlowReaders(String title, Set<Contestant> contestants, byte[] request, Settings settings) implements Workload {

    private static final int READERS = 250;
    private static final int SMALL_REQUESTS = 5;

    static SlowReaders of(String what, Set<Contestant> contestants, String target, Settings settings) {
        return new SlowReaders(
                "Slow readers: GET of 4 KiB beside 250 slow readers of " + what + " of 4 MiB",
                contestants,
                Connection.get(target),
                settings);
    }

    @Override
    public List<String> columns() {
        return List.of(
                "container", "contestant", "ms (min / median / max)", "readers with a 200 under way", "peak RSS MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Contestant contestant : lineup.present(contestants)) {
            rows.add(row(lineup, contestant));
            // What they held is given back before the next workload.
            Pause.millis(settings.patience().toMillis() / 5);
        }
        return rows;
    }

    private Row row(Lineup lineup, Contestant contestant) throws IOException {
        ServerProcess server = lineup.server(contestant);
        server.resetPeak();
        List<SlowReader> readers = new ArrayList<>();
        try {
            begin(server, readers);
            String time = smallRequests(server, readers);
            long answered = readers.stream().filter(SlowReader::isAnswered).count();
            return Row.of(
                    lineup.kind(),
                    contestant.title(),
                    List.of(time, answered + " of " + READERS, Spread.number(server.peakBytes() / (double) (1 << 20))));
        } finally {
            for (SlowReader reader : readers) {
                reader.close();
            }
        }
    }

    private void begin(ServerProcess server, List<SlowReader> readers) throws IOException {
        for (int i = 0; i < READERS; i++) {
            readers.add(SlowReader.send(server.port(), request));
        }
        // Until all of them are being answered, as far as they ever will be.
        readALittle(readers, settings.patience().toMillis() / 2);
    }

    private static void readALittle(List<SlowReader> readers, long millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000;
        do {
            readers.forEach(SlowReader::readALittle);
            Pause.millis(100);
        } while (System.nanoTime() < end);
    }

    private String smallRequests(ServerProcess server, List<SlowReader> readers) throws IOException {
        List<Double> times = new ArrayList<>();
        ExecutorService client = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < SMALL_REQUESTS; i++) {
                Future<Double> time = client.submit(() -> smallRequest(server));
                times.add(time.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS));
                readALittle(readers, 1);
            }
            return Spread.of(times).asRatio();
        } catch (TimeoutException e) {
            return "no answer within " + settings.patience().toSeconds() + " s";
        } catch (ExecutionException e) {
            return "fails: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            client.shutdownNow();
        }
    }

    private static double smallRequest(ServerProcess server) throws IOException {
        long start = System.nanoTime();
        try (Connection connection = Connection.open(server.port())) {
            connection.send(Connection.get("/small.bin"));
            new Expected(200, Site.SMALL).check(connection.receive());
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
