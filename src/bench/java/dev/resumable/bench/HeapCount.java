// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** What a process has allocated in its heap, and the most that was in use, since it was asked last. */
final class HeapCount {

    private static final Set<String> POOLS = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());

    private long collected;
    private long peak;
    private long usedAtStart = used();

    private HeapCount() {}

    /** Counts, answers each line of standard input with {@code heap}, bytes and bytes, and returns when it ends. */
    static void answerUntilEnd() throws IOException {
        HeapCount count = new HeapCount();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener((event, handback) -> count.collected(event), null, null);
        }
        for (int next = System.in.read(); next >= 0; next = System.in.read()) {
            System.out.println(count.tell());
        }
    }

    private synchronized void collected(Notification event) {
        if (event.getUserData() instanceof CompositeData data) {
            var gc = GarbageCollectionNotificationInfo.from(data).getGcInfo();
            long before = sum(gc.getMemoryUsageBeforeGc());
            collected += before - sum(gc.getMemoryUsageAfterGc());
            peak = Math.max(peak, before);
        }
    }

    private synchronized String tell() {
        long used = used();
        String told = "heap " + (collected + used - usedAtStart) + " " + Math.max(peak, used);
        collected = 0;
        peak = 0;
        usedAtStart = used;
        return told;
    }

    private static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long sum(Map<String, MemoryUsage> pools) {
        return pools.entrySet().stream()
                .filter(pool -> POOLS.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }
}
