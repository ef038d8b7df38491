// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Requests over a number of connections that stay open, each with one request at a time.
 *
 * <p>Two threads do it: each sends on all of its connections, then reads all the answers. A thread for each connection would cost more
 * than the servers that are measured.
 */
final class Load implements AutoCloseable {

    private static final int THREADS = 2;

    private final List<List<Connection>> shares = new ArrayList<>();
    private final Supplier<byte[]> requests;
    private final Expected expected;

    /** How much was answered in which time. */
    record Tally(long requests, long bytes, double seconds) {}

    private Load(Supplier<byte[]> requests, Expected expected) {
        this.requests = requests;
        this.expected = expected;
    }

    static Load open(int port, int connections, Supplier<byte[]> requests, Expected expected) throws IOException {
        Load load = new Load(requests, expected);
        try {
            for (int i = 0; i < connections; i++) {
                if (i < THREADS) {
                    load.shares.add(new ArrayList<>());
                }
                load.shares.get(i % THREADS).add(Connection.open(port));
            }
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    /** Goes on for a time, and until so many requests are answered. */
    Tally run(Duration time, long requestsAtLeast) throws IOException {
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(shares.size());
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (List<Connection> share : shares) {
                running.add(
                        threads.submit(() -> exchange(share, start + time.toNanos(), requestsAtLeast / shares.size())));
            }
            long answered = 0;
            long bytes = 0;
            for (Future<long[]> share : running) {
                answered += share.get()[0];
                bytes += share.get()[1];
            }
            return new Tally(answered, bytes, (System.nanoTime() - start) / 1e9);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private long[] exchange(List<Connection> share, long end, long atLeast) throws IOException {
        long answered = 0;
        long bytes = 0;
        while (answered < atLeast || System.nanoTime() < end) {
            for (Connection connection : share) {
                connection.send(requests.get());
            }
            for (Connection connection : share) {
                Reply reply = connection.receive();
                expected.check(reply);
                answered++;
                bytes += reply.bytes();
            }
        }
        return new long[] {answered, bytes};
    }

    @Override
    public void close() {
        shares.forEach(share -> share.forEach(Connection::close));
    }
}
