// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.RangeOutcome;
import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.InitParameters;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts events for JMX, and looks at the spools for what they hold now. */
final class FilterCounters implements TransferEvents, RangeServletFilterMXBean {

    private final SpoolDirectory spools;
    private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<PassReason, LongAdder> untouched = new ConcurrentHashMap<>();
    private final Map<PassReason, LongAdder> givenUp = new ConcurrentHashMap<>();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesSaved = new LongAdder();
    private final LongAdder spoolsInHeap = new LongAdder();
    private final LongAdder spoolsOnDisk = new LongAdder();
    private final LongAdder refusedRangeSets = new LongAdder();
    private final LongAdder abortedClients = new LongAdder();
    private final LongAdder failedExchanges = new LongAdder();

    FilterCounters(SpoolDirectory spools) {
        this.spools = spools;
    }

    // ---- what is told

    @Override
    public void answered(Answer answer) {
        increment(answers, answer.status());
        bytesSent.add(answer.bytesSent());
        bytesSaved.add(answer.bytesSaved());
    }

    @Override
    public void passed(PassReason reason, long bytes) {
        increment(untouched, reason);
        bytesSent.add(bytes);
    }

    @Override
    public void clientAborted() {
        abortedClients.increment();
    }

    @Override
    public void failed() {
        failedExchanges.increment();
    }

    @Override
    public void rangesRefused(RangeOutcome limit) {
        refusedRangeSets.increment();
    }

    @Override
    public void spooled(SpoolPlace place, long bytes) {
        (place == SpoolPlace.HEAP ? spoolsInHeap : spoolsOnDisk).increment();
    }

    @Override
    public void spoolGivenUp(PassReason reason, long bytes) {
        increment(givenUp, reason);
    }

    private static <K> void increment(Map<K, LongAdder> counts, K key) {
        counts.computeIfAbsent(key, ignored -> new LongAdder()).increment();
    }

    // ---- what is read

    private static <K> long count(Map<K, LongAdder> counts, K key) {
        LongAdder adder = counts.get(key);
        return adder == null ? 0 : adder.sum();
    }

    private static long sum(Map<PassReason, LongAdder> counts) {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** All reasons, also those that were not met yet: whoever watches one must find it. */
    private static Map<String, Long> byReason(Map<PassReason, LongAdder> counts) {
        Map<String, Long> words = new TreeMap<>();
        for (PassReason reason : PassReason.values()) {
            words.put(InitParameters.spelling(reason), count(counts, reason));
        }
        return words;
    }

    @Override
    public long getAnswers200() {
        return count(answers, 200);
    }

    @Override
    public long getAnswers206() {
        return count(answers, 206);
    }

    @Override
    public long getAnswers304() {
        return count(answers, 304);
    }

    @Override
    public long getAnswers412() {
        return count(answers, 412);
    }

    @Override
    public long getAnswers416() {
        return count(answers, 416);
    }

    @Override
    public long getUntouched() {
        return sum(untouched);
    }

    @Override
    public Map<String, Long> getUntouchedByReason() {
        return byReason(untouched);
    }

    @Override
    public long getBytesSent() {
        return bytesSent.sum();
    }

    @Override
    public long getBytesSaved() {
        return bytesSaved.sum();
    }

    @Override
    public long getSpoolsInHeap() {
        return spoolsInHeap.sum();
    }

    @Override
    public long getSpoolsOnDisk() {
        return spoolsOnDisk.sum();
    }

    @Override
    public long getSpoolsGivenUp() {
        return sum(givenUp);
    }

    @Override
    public Map<String, Long> getSpoolsGivenUpByReason() {
        return byReason(givenUp);
    }

    @Override
    public long getRefusedRangeSets() {
        return refusedRangeSets.sum();
    }

    @Override
    public long getAbortedClients() {
        return abortedClients.sum();
    }

    @Override
    public long getFailedExchanges() {
        return failedExchanges.sum();
    }

    @Override
    public long getOpenSpools() {
        return spools.openSpools();
    }

    @Override
    public long getSpoolHeapBytes() {
        return spools.heap().reservedBytes();
    }

    @Override
    public long getSpoolHeapLimit() {
        return spools.heap().limit();
    }

    @Override
    public long getSpoolDiskBytes() {
        return spools.disk().reservedBytes();
    }

    @Override
    public long getSpoolDiskLimit() {
        return spools.disk().limit();
    }
}
