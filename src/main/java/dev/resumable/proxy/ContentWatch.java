// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a call while it sends content: its thread may wait for the client, or for the server to take more, and neither
 * sees the answer that the server has given meanwhile (RFC 9112 §9.3) nor has a timeout of its own.
 */
final class ContentWatch {

    private final ApacheUpstream upstream;
    private final Optional<RequestBody> body;
    private final Upstream.Call call;
    private final AtomicBoolean listening = new AtomicBoolean();
    private volatile @Nullable ApacheConnection connection;
    /** A thread that listens may come so late that the connection is of another one. */
    private volatile long exchange;

    private volatile long writingSince;
    private volatile boolean stuck;

    ContentWatch(ApacheUpstream upstream, Optional<RequestBody> body, Upstream.Call call) {
        this.upstream = upstream;
        this.body = body;
        this.call = call;
    }

    void begin(ApacheConnection used) {
        exchange = used.exchange();
        connection = used;
        upstream.watch(this);
    }

    void end() {
        notWriting();
        upstream.unwatch(this);
    }

    /** From now on the server is waited for. */
    void writing() {
        writingSince = System.nanoTime() | 1;
    }

    void notWriting() {
        writingSince = 0;
    }

    /** True if the call was cancelled because the server took nothing. */
    boolean isStuck() {
        return stuck;
    }

    /** Breaks the connection off; another thread may be about to do so, and it is closed nevertheless when this returns. */
    void cancel() {
        ApacheConnection used = connection;
        if (used != null) {
            used.breakOff();
        }
        call.cancel();
    }

    /** Asked again and again. */
    void look() {
        ApacheConnection used = connection;
        if (used == null) {
            return;
        }
        long since = writingSince;
        long limit = upstream.config().idleTimeout().toNanos();
        long waited = since == 0 ? 0 : System.nanoTime() - since;
        if (waited > 2 * limit) {
            // Whoever listens waits for the rest of a head.
            cancelAsStuck();
        } else if ((waited > limit || used.hasBytesWaiting()) && listening.compareAndSet(false, true)) {
            listenBeside(used, waited > limit ? this::giveUp : this::goOn);
        }
    }

    private void listenBeside(ApacheConnection used, Consumer<ApacheConnection> otherwise) {
        try {
            upstream.beside(() -> listen(used, otherwise));
        } catch (RuntimeException | Error e) {
            // Next time perhaps there is a thread.
            listening.set(false);
            throw e;
        }
    }

    private void listen(ApacheConnection used, Consumer<ApacheConnection> otherwise) {
        try {
            if (used.listenBeside(exchange)) {
                body.ifPresent(RequestBody::stop);
            } else {
                otherwise.accept(used);
            }
        } finally {
            listening.set(false);
        }
    }

    private void goOn(ApacheConnection used) {
        // The content is still wanted.
    }

    /** A server that takes no more has perhaps answered, by a status that leaves it open whether it wants more. */
    private void giveUp(ApacheConnection used) {
        if (used.stopSending(exchange)) {
            body.ifPresent(RequestBody::stop);
        } else if (writingSince != 0) {
            // Else the call is over, and its connection may be another's.
            cancelAsStuck();
        }
    }

    private void cancelAsStuck() {
        stuck = true;
        call.cancel();
    }
}
