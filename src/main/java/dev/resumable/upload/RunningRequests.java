// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.store.UploadId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** The bodies that are coming in: for those who look at an upload, for the watch over slow clients, and for the stop. */
final class RunningRequests {

    /** A rate is judged over no shorter time: every connection stutters. */
    static final Duration GRACE = Duration.ofSeconds(20);
    /** A body that pauses this long is made durable, since it may never go on. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final long maxIdleNanos;
    private final long minBytesPerSecond;
    private final long graceNanos;
    private final Map<UploadId, Set<BodySink>> byUpload = new ConcurrentHashMap<>();
    private final Set<BodySink> all = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private volatile boolean stopped;

    /**
     * @param maxBlocking how many bodies may be read by threads that wait for them
     * @param grace {@link #GRACE}, but for tests
     */
    RunningRequests(Duration maxIdle, long minBytesPerSecond, int maxBlocking, Duration grace) {
        this.places = new Semaphore(maxBlocking);
        this.maxIdleNanos = maxIdle.toNanos();
        this.minBytesPerSecond = minBytesPerSecond;
        this.graceNanos = grace.toNanos();
    }

    /** A body of an upload has begun. */
    void add(UploadId id, BodySink sink) {
        byUpload.compute(id, (key, sinks) -> {
            Set<BodySink> more = sinks == null ? ConcurrentHashMap.newKeySet() : sinks;
            more.add(sink);
            return more;
        });
        stopLate(sink);
    }

    /** It has ended. */
    void remove(UploadId id, BodySink sink) {
        byUpload.computeIfPresent(id, (key, sinks) -> {
            sinks.remove(sink);
            return sinks.isEmpty() ? null : sinks;
        });
    }

    /** Watches a body of any kind until it ends. */
    void watch(BodySink sink) {
        all.add(sink);
        stopLate(sink);
    }

    /** Whether one more body may hold a thread; {@link #leavePlace} gives it back. */
    boolean takePlace() {
        return places.tryAcquire();
    }

    void leavePlace() {
        places.release();
    }

    /** One that has come through just when all were ended. */
    private void stopLate(BodySink sink) {
        if (stopped) {
            sink.stop(0);
        }
    }

    void unwatch(BodySink sink) {
        all.remove(sink);
    }

    boolean isRunning(UploadId id) {
        return byUpload.containsKey(id);
    }

    /** Makes durable what has come of an upload so far, so that its state tells the truth of this moment. */
    void checkpoint(UploadId id) {
        List.copyOf(byUpload.getOrDefault(id, Set.of())).forEach(BodySink::checkpoint);
    }

    /** Ends bodies that come too slowly; called again and again, and waits for none of them. */
    void endSlow() {
        for (BodySink sink : all) {
            if (sink.idleNanos() >= maxIdleNanos || isTooSlow(sink)) {
                sink.endIfUntouched(Ending.TOO_SLOW);
            } else if (sink.idleNanos() >= PAUSE_NANOS) {
                sink.checkpointIfUntouched();
            }
        }
    }

    private boolean isTooSlow(BodySink sink) {
        long age = sink.ageNanos();
        return age >= graceNanos && sink.taken() / (age / 1e9) < minBytesPerSecond;
    }

    /** Ends all bodies; what came is kept. One that somebody is at work on is waited for up to this moment. */
    void endAll(long deadlineNanos) {
        stopped = true;
        Stream.concat(all.stream(), byUpload.values().stream().flatMap(Set::stream))
                .forEach(sink -> sink.stop(deadlineNanos - System.nanoTime()));
    }
}
