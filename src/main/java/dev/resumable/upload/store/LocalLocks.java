// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Locks of one process: they end with it, so nothing has to run out before an upload goes on after a crash. */
public final class LocalLocks implements UploadLocks {

    /** How often those who hold a lease are asked again. */
    private static final long ASK_MILLIS = 20;
    /**
     * Those who wait hold a thread each; past this many of one upload the next one is told to come back. It is what bounds removals,
     * which wait in no room of their owner.
     */
    static final int MAX_WAITING = 64;

    private final Map<UploadId, List<LocalLease>> held = new HashMap<>();
    private final Map<UploadId, Integer> waiting = new HashMap<>();

    /** Nothing is held. */
    public LocalLocks() {}

    @Override
    public Optional<Lease> acquire(Scope scope, Urgency urgency, Duration patience, Holder holder)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        LocalLease wanted = new LocalLease(scope, holder);
        if (takeIfFree(wanted)) {
            return Optional.of(wanted);
        }
        if (urgency == Urgency.IF_FREE || !startWaiting(scope.upload())) {
            return Optional.empty();
        }
        try {
            while (!takeIfFree(wanted)) {
                if (System.nanoTime() - end >= 0) {
                    return Optional.empty();
                }
                // Outside of our monitor: to let go means to write, and to come back here.
                conflicting(scope).forEach(lease -> lease.holder.askedToLetGo(urgency));
                awaitChange(scope);
            }
            return Optional.of(wanted);
        } finally {
            stopWaiting(scope.upload());
        }
    }

    private synchronized boolean takeIfFree(LocalLease wanted) {
        if (!conflicting(wanted.scope).isEmpty()) {
            return false;
        }
        held.computeIfAbsent(wanted.scope.upload(), id -> new ArrayList<>()).add(wanted);
        return true;
    }

    private synchronized List<LocalLease> conflicting(Scope scope) {
        return held.getOrDefault(scope.upload(), List.of()).stream()
                .filter(lease -> lease.scope.conflictsWith(scope))
                .toList();
    }

    private synchronized void awaitChange(Scope scope) throws InterruptedException {
        if (!conflicting(scope).isEmpty()) {
            wait(ASK_MILLIS);
        }
    }

    private synchronized boolean startWaiting(UploadId upload) {
        int before = waiting.getOrDefault(upload, 0);
        if (before == MAX_WAITING) {
            return false;
        }
        waiting.put(upload, before + 1);
        return true;
    }

    private synchronized void stopWaiting(UploadId upload) {
        waiting.computeIfPresent(upload, (id, count) -> count == 1 ? null : count - 1);
    }

    private synchronized void release(LocalLease lease) {
        held.computeIfPresent(lease.scope.upload(), (id, leases) -> {
            leases.remove(lease);
            return leases.isEmpty() ? null : leases;
        });
        notifyAll();
    }

    private final class LocalLease implements Lease {

        private final Scope scope;
        private final Holder holder;

        LocalLease(Scope scope, Holder holder) {
            this.scope = scope;
            this.holder = holder;
        }

        @Override
        public Predecessor predecessor() {
            return Predecessor.LET_GO;
        }

        @Override
        public void close() {
            release(this);
        }
    }
}
