// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends random requests to a server over connections that are kept, from two threads, and judges each answer.
 *
 * <p>The seed is printed; the system property {@code resumable.seed} runs one again.
 */
final class LiveRun {
    private static final int THREADS = 2;
    private static final long SEED = Long.getLong("resumable.seed", System.nanoTime());

    private final String name;
    private final int port;
    private final List<LiveTarget> targets;

    /** The outcome of one thread: how many of each kind of answer were right. */
    private final Map<String, Integer> seen = new TreeMap<>();

    LiveRun(String name, int port, List<LiveTarget> targets) {
        this.name = name;
        this.port = port;
        this.targets = targets;
    }

    /** Sends {@code pairs} requests in all; fails at the first wrong answer, with what repeats it. */
    void run(int pairs) throws IOException, InterruptedException {
        System.out.println("LiveRun: " + name + " -Dresumable.seed=" + SEED);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> tasks = List.of(() -> send(SEED, pairs - pairs / 2), () -> send(SEED + 1, pairs / 2));
            for (Future<Void> outcome : threads.invokeAll(tasks)) {
                outcome.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(name + ": " + e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
        assertEveryKindWasSeen(pairs);
    }

    private Void send(long seed, int count) throws IOException {
        Random random = new Random(seed);
        RawClient client = RawClient.connect(port);
        try {
            for (int i = 0; i < count; i++) {
                LiveRequest request = LiveRequest.random(random, targets.get(random.nextInt(targets.size())));
                RawResponse response = judged(request, client, seed);
                if (response.field("Connection")
                        .filter("close"::equalsIgnoreCase)
                        .isPresent()) {
                    client.close();
                    client = RawClient.connect(port);
                }
                count(request.expected());
            }
        } finally {
            client.close();
        }
        return null;
    }

    private static RawResponse judged(LiveRequest request, RawClient client, long seed) throws IOException {
        RawResponse response = client.exchange(request.toRaw());
        try {
            LiveVerdict.check(request, response);
            return response;
        } catch (AssertionError e) {
            throw new AssertionError("seed %d: %s should get <%s>: %s%nin %s"
                    .formatted(seed, request, request.expected(), e.getMessage(), response));
        }
    }

    private synchronized void count(String expected) {
        seen.merge(expected.split(" ", 2)[0], 1, Integer::sum);
    }

    /** A generator that never reaches one of the answers would prove nothing about it. */
    private void assertEveryKindWasSeen(int pairs) {
        System.out.println("LiveRun: " + name + " " + seen);
        assertThat(seen).containsOnlyKeys("200", "304", "412", "416", "multipart", "single");
        assertThat(seen.values()).allMatch(count -> count > pairs / 100);
        assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(pairs);
    }
}
