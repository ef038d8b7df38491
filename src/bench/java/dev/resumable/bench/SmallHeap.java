// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Many large generated bodies at once in a process with a heap of 64 MiB. */
record SmallHeap(Settings settings) implements Workload {

    private static final int CLIENTS = 20;
    private static final long LENGTH = 64L << 20;
    private static final Set<Contestant> CONTESTANTS = EnumSet.of(Contestant.RANGES, Contestant.SPRING);

    @Override
    public String title() {
        return "Small heap: 20 generated bodies of 64 MiB at once, -Xmx64m";
    }

    @Override
    public List<String> columns() {
        return List.of("container", "contestant", "whole answers with a strong tag", "seconds", "peak RSS MiB");
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Contestant contestant : CONTESTANTS) {
            try (ServerProcess server =
                    ServerProcess.inContainer(lineup.kind(), contestant, lineup.site(), ServerProcess.SMALL_HEAP)) {
                long start = System.nanoTime();
                int whole = wholeAnswers(server);
                String seconds = Spread.number((System.nanoTime() - start) / 1e9);
                rows.add(Row.of(
                        lineup.kind(),
                        contestant.title(),
                        List.of(
                                whole + " of " + CLIENTS,
                                seconds,
                                Spread.number(server.peakBytes() / (double) (1 << 20)))));
            }
        }
        return rows;
    }

    private int wholeAnswers(ServerProcess server) {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                replies.add(clients.submit(() -> exchange(server)));
            }
            long deadline =
                    System.nanoTime() + settings.patience().multipliedBy(5).toNanos();
            return (int)
                    replies.stream().filter(reply -> isWhole(reply, deadline)).count();
        } finally {
            // Those that still wait are interrupted, which closes their connections.
            clients.shutdownNow();
        }
    }

    private static Reply exchange(ServerProcess server) throws IOException {
        try (Connection connection = Connection.open(server.port())) {
            connection.send(Connection.get("/generated?length=" + LENGTH));
            return connection.receive();
        }
    }

    private static boolean isWhole(Future<Reply> reply, long deadline) {
        try {
            Reply got = reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            boolean isStrong =
                    got.head().field("etag").filter(tag -> tag.startsWith("\"")).isPresent();
            return got.head().status() == 200 && got.bytes() == LENGTH && isStrong;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
