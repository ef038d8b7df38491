// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls the write listener of an application whose output is held here.
 *
 * <p>As a container would: after the pass in which it was registered has returned, or on a thread of the container if no
 * pass is running.
 */
final class EagerWrites {

    private final Consumer<Exception> failed;
    private @Nullable WriteListener waiting;
    private volatile @Nullable WriteListener registered;
    private PassState pass = PassState.OUTSIDE;

    private enum PassState {
        OUTSIDE,
        INSIDE
    }

    /** @param failed is told what a listener throws, before the listener itself is, whose answer often is complete() */
    EagerWrites(Consumer<Exception> failed) {
        this.failed = failed;
    }

    synchronized void passBegins() {
        pass = PassState.INSIDE;
    }

    void passEnds() {
        WriteListener listener;
        synchronized (this) {
            pass = PassState.OUTSIDE;
            listener = waiting;
            waiting = null;
        }
        if (listener != null) {
            call(listener);
        }
    }

    /** Registers the listener; the Servlet API allows one, and only once async has been started. */
    void register(WriteListener listener, @Nullable AsyncContext context) {
        Objects.requireNonNull(listener, "listener");
        if (context == null) {
            throw new IllegalStateException("async was not started");
        }
        if (registered != null) {
            throw new IllegalStateException("a write listener is set already");
        }
        registered = listener;
        synchronized (this) {
            if (pass == PassState.INSIDE) {
                waiting = listener;
                return;
            }
        }
        try {
            context.start(() -> call(listener));
        } catch (IllegalStateException e) {
            // One container lends no thread once the pass has returned to it.
            call(listener);
        }
    }

    /** True if the listener is called here: the stream of the container is then in blocking mode, to the end. */
    boolean serveListener() {
        return registered != null;
    }

    private void call(WriteListener listener) {
        try {
            listener.onWritePossible();
        } catch (IOException | RuntimeException e) {
            failed.accept(e);
            listener.onError(e);
        }
    }
}
