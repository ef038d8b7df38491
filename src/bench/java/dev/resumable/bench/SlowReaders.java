// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
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
    private static final int RECEIVE_BUFFER = 4 << 10;
    private static final int BYTES_EACH_TIME = 512;
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
        return List.of("container", "contestant", "ms (min / median / max)", "peak RSS MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Contestant contestant : lineup.present(contestants)) {
            ServerProcess server = lineup.server(contestant);
            server.resetPeak();
            List<SocketChannel> readers = new ArrayList<>();
            String time;
            try {
                begin(server, readers);
                time = smallRequests(server, readers);
            } finally {
                for (SocketChannel reader : readers) {
                    reader.close();
                }
            }
            rows.add(Row.of(
                    lineup.kind(),
                    contestant.title(),
                    List.of(time, Spread.number(server.peakBytes() / (double) (1 << 20)))));
            // What they held is given back before the next workload.
            Pause.millis(settings.patience().toMillis() / 5);
        }
        return rows;
    }

    private void begin(ServerProcess server, List<SocketChannel> readers) throws IOException {
        for (int i = 0; i < READERS; i++) {
            SocketChannel reader = SocketChannel.open();
            readers.add(reader);
            reader.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            reader.write(ByteBuffer.wrap(request));
            reader.configureBlocking(false);
        }
        // Until all of them are being answered, as far as they ever will be.
        readALittle(readers, settings.patience().toMillis() / 2);
    }

    private static void readALittle(List<SocketChannel> readers, long millis) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES_EACH_TIME);
        long end = System.nanoTime() + millis * 1_000_000;
        do {
            for (SocketChannel reader : readers) {
                reader.read(bytes.clear());
            }
            Pause.millis(100);
        } while (System.nanoTime() < end);
    }

    private String smallRequests(ServerProcess server, List<SocketChannel> readers) throws IOException {
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
