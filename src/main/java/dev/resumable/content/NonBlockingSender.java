// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.servlet.Container;
import dev.resumable.servlet.StallWatch;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends whenever the client takes something, and holds no thread in between.
 *
 * <p>The container calls {@link #onWritePossible()}, one call at a time. A block may be used again only when the stream is
 * ready again (Servlet 6.1, {@code ServletOutputStream.write(ByteBuffer)}), so the next one is asked for only then.
 */
final class NonBlockingSender implements BodySender, WriteListener, AsyncListener {

    private static final Logger LOG = System.getLogger(NonBlockingSender.class.getName());

    private final HttpServletResponse response;
    private final OpenAnswer answer;
    private final AsyncContext context;
    private final Outlet outlet;
    private final StallWatch watch;
    private final Duration cycleLimit;
    private final long begun = System.nanoTime();
    private ByteBuffer block = RangeBlocks.END;
    private Stage stage = Stage.WRITING;

    private enum Stage {
        WRITING,
        /** All is written, some of it perhaps to a buffer of the container. */
        WRITTEN
    }

    /** @param context an async cycle without a time limit, which is completed when the answer has ended */
    NonBlockingSender(
            HttpServletResponse response,
            OpenAnswer answer,
            AsyncContext context,
            Outlet outlet,
            Duration idleTimeout) {
        this.response = response;
        this.answer = answer;
        this.context = context;
        this.outlet = outlet;
        // Tomcat ends the wait for a client by itself, and on its own threads alone can it be broken off.
        boolean tomcat = Container.of(response) == Container.TOMCAT;
        this.watch = new StallWatch(tomcat ? Duration.ZERO : idleTimeout, this::breakOff);
        // But for a stream of HTTP/2, whose window it lets a client keep shut for ever.
        boolean stream = context.getRequest().getProtocol().startsWith("HTTP/2");
        this.cycleLimit = tomcat && stream ? idleTimeout : Duration.ZERO;
    }

    /**
     * Sends the head, and the rest later.
     *
     * <p>With the head on its way nobody can make another answer of a body that fails, be it a container or a filter in front
     * that runs on when this has returned.
     */
    @Override
    public void send() {
        try {
            // One container waits here for a client of pipelined requests that takes nothing, and for ever.
            watch.begin();
            response.flushBuffer();
            watch.progress();
            context.addListener(this);
            outlet.stream().setWriteListener(this);
        } catch (IOException e) {
            onError(e);
        } catch (RuntimeException e) {
            watch.end();
            answer.end();
            throw e;
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        try {
            write();
        } catch (IOException | RuntimeException | Error e) {
            // Some containers do not say onError for what is thrown here.
            if (Container.of(response) == Container.TOMCAT) {
                endBroken();
                throw e;
            }
            LOG.log(Level.DEBUG, "a body was broken off: {0}", e.toString());
            breakOff();
        }
    }

    private void write() throws IOException {
        while (outlet.stream().isReady()) {
            watch.progress();
            if (!block.hasRemaining()) {
                // What a disk takes is no fault of the client's.
                watch.rest();
                block = answer.next();
            }
            if (block.hasRemaining()) {
                outlet.write(block);
            } else if (stage == Stage.WRITING) {
                stage = Stage.WRITTEN;
                outlet.end();
            } else {
                watch.end();
                answer.complete();
                context.complete();
                return;
            }
        }
        watch.begin();
        if (!cycleLimit.isZero()) {
            // Counted from the begin of the cycle.
            context.setTimeout(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + cycleLimit.toMillis());
        }
    }

    /** Makes sure that the body does not look complete; once, on any thread. */
    private void breakOff() {
        if (endBroken()) {
            Container.breakOff(response, context);
        }
    }

    private boolean endBroken() {
        watch.end();
        return answer.breakOff();
    }

    /** The container has noticed that the client has gone, or gives up waiting for it. */
    @Override
    public void onError(Throwable failure) {
        if (failure instanceof IOException ofConnection) {
            answer.observer().clientLeft(ofConnection);
        }
        if (endBroken()) {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "a failed body was over already: {0}", e.toString());
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        endBroken();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        endBroken();
    }

    @Override
    public void onError(AsyncEvent event) {
        endBroken();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The cycle that this was added to is the last one.
    }
}
