// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.store.UploadLocks.Holder;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LocalLocksTest {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Holder UNMOVED = urgency -> {};

    private final LocalLocks locks = new LocalLocks();
    private final UploadId id = UploadId.random();

    private Optional<Lease> take(Scope scope) throws InterruptedException {
        return locks.acquire(scope, Urgency.IF_FREE, Duration.ZERO, UNMOVED);
    }

    @Test
    void differentPartsDoNotConflict() throws InterruptedException {
        assertThat(take(Scope.part(id, 1))).isPresent();
        assertThat(take(Scope.part(id, 2))).isPresent();
        assertThat(take(Scope.part(id, 1))).isEmpty();
        assertThat(take(Scope.whole(id))).isEmpty();
        assertThat(take(Scope.whole(UploadId.random()))).isPresent();
    }

    @Test
    void theWholeConflictsWithEverything() throws InterruptedException {
        Lease whole = take(Scope.whole(id)).orElseThrow();
        assertThat(take(Scope.part(id, 1))).isEmpty();
        assertThat(take(Scope.whole(id))).isEmpty();
        whole.close();
        whole.close();
        assertThat(take(Scope.whole(id))).isPresent();
    }

    @Test
    void whoIsAskedMayLetGo() throws InterruptedException {
        AtomicReference<Lease> held = new AtomicReference<>();
        List<Urgency> asked = new ArrayList<>();
        held.set(locks.acquire(Scope.part(id, 1), Urgency.IF_FREE, Duration.ZERO, urgency -> {
                    asked.add(urgency);
                    if (urgency == Urgency.NOW) {
                        held.get().close();
                    }
                })
                .orElseThrow());

        assertThat(locks.acquire(Scope.whole(id), Urgency.IF_IDLE, SHORT, UNMOVED))
                .isEmpty();
        assertThat(asked).isNotEmpty().containsOnly(Urgency.IF_IDLE);
        assertThat(locks.acquire(Scope.whole(id), Urgency.NOW, LONG, UNMOVED)).isPresent();
    }

    @Test
    void whoWaitsGetsItWhenItIsFree() throws Exception {
        Lease held = take(Scope.whole(id)).orElseThrow();
        AtomicReference<Optional<Lease>> got = new AtomicReference<>(Optional.empty());
        Thread waiter = new Thread(() -> {
            try {
                got.set(locks.acquire(Scope.whole(id), Urgency.IF_IDLE, LONG, UNMOVED));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        held.close();
        waiter.join(LONG.toMillis());

        assertThat(got.get()).isPresent();
    }

    @Test
    void tooManyWhoWaitForOneUploadAreNotLetIn() throws Exception {
        List<Urgency> asked = new CopyOnWriteArrayList<>();
        Lease held = locks.acquire(Scope.whole(id), Urgency.IF_FREE, Duration.ZERO, asked::add)
                .orElseThrow();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < LocalLocks.MAX_WAITING; i++) {
            Thread waiter = new Thread(() -> {
                try {
                    locks.acquire(Scope.whole(id), Urgency.IF_IDLE, LONG, UNMOVED)
                            .ifPresent(Lease::close);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            waiter.start();
            waiting.add(waiter);
        }
        await().until(() -> waiting.stream().allMatch(waiter -> waiter.getState() == Thread.State.TIMED_WAITING));

        assertThat(locks.acquire(Scope.whole(id), Urgency.NOW, SHORT, UNMOVED)).isEmpty();
        assertThat(asked).isNotEmpty().doesNotContain(Urgency.NOW);
        held.close();
        for (Thread waiter : waiting) {
            waiter.join(LONG.toMillis());
            assertThat(waiter.isAlive()).isFalse();
        }
        assertThat(locks.acquire(Scope.whole(id), Urgency.NOW, LONG, UNMOVED)).isPresent();
    }
}
