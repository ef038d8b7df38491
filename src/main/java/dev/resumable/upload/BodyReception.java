// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.servlet.Container;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Failed;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;

/**
 * Reads the body of a request into a sink: as it comes and without a thread that waits, where the servlet supports async
 * processing; else by a thread that waits ({@link BlockedRead}).
 *
 * <p>Implementation note: writing to the disk, the digests and the fsync at the end are done by the thread that reads. It is one
 * of the container's pool, which is there for work like that, and the next bytes cannot be taken earlier anyway. Undertow
 * alone calls its listeners on the thread that serves all its connections; there, reading is moved to its workers.
 */
final class BodyReception implements ReadListener {

    private static final Logger LOG = System.getLogger(BodyReception.class.getName());
    /** Each thread's own, since most requests wait most of the time, and have nothing to read. */
    private static final ThreadLocal<byte[]> BLOCK = ThreadLocal.withInitial(() -> new byte[64 << 10]);

    private final BodySink sink;
    private final ServletInputStream in;
    private final Executor worker;
    private final long announced;

    /** Answers, in words of a protocol. */
    @FunctionalInterface
    interface Answer {
        void write(UploadOutcome outcome) throws IOException;
    }

    private BodyReception(UploadExchange exchange, BodySink sink, ServletInputStream in, Executor worker) {
        this.sink = sink;
        this.in = in;
        this.worker = worker;
        this.announced = exchange.contentLength().orElse(-1);
    }

    /** Reads, and answers when the sink has ended; the caller has nothing more to do. */
    static void receive(UploadExchange exchange, BodySink sink, RunningRequests running, Answer answer)
            throws IOException {
        if (exchange.request().isAsyncSupported()) {
            running.watch(sink);
            receiveAsync(exchange, sink, running, answer);
        } else if (running.takePlace()) {
            try {
                running.watch(sink);
                receiveBlocking(exchange, sink, running, answer);
            } finally {
                running.leavePlace();
            }
        } else {
            answer(exchange, answer, sink.end(Ending.NO_PLACE));
        }
    }

    private static void receiveBlocking(UploadExchange exchange, BodySink sink, RunningRequests running, Answer answer)
            throws IOException {
        BlockedRead reading = new BlockedRead();
        sink.whenEnded(outcome -> reading.interrupt());
        try {
            new BodyReception(exchange, sink, exchange.request().getInputStream(), Runnable::run).readBlocking();
        } finally {
            reading.isOver();
            // If the container has thrown what nobody expects: else lease and file would be open for ever.
            sink.end(Ending.CUT_OFF);
            running.unwatch(sink);
        }
        answer(exchange, answer, sink.outcome());
    }

    private static void receiveAsync(UploadExchange exchange, BodySink sink, RunningRequests running, Answer answer)
            throws IOException {
        HttpServletRequest request = exchange.request();
        AsyncContext context;
        try {
            context = request.startAsync();
        } catch (RuntimeException e) {
            // A filter in front has started it, against the contract.
            running.unwatch(sink);
            sink.end(Ending.CUT_OFF);
            throw e;
        }
        // Slow bodies are the watch's business, which knows what came.
        context.setTimeout(0);
        sink.whenEnded(outcome -> {
            running.unwatch(sink);
            answer(exchange, answer, outcome);
            complete(context);
        });
        boolean isUndertow = Container.of(exchange.response()) == Container.UNDERTOW;
        Executor worker = isUndertow ? context::start : Runnable::run;
        try {
            ServletInputStream body = request.getInputStream();
            ServletInputStream in = isUndertow ? new UndertowInput(body) : body;
            in.setReadListener(new BodyReception(exchange, sink, in, worker));
        } catch (IOException | RuntimeException e) {
            // A filter has taken the body already, or the connection is gone.
            LOG.log(Level.DEBUG, "the body of an upload cannot be read: {0}", e.toString());
            sink.end(Ending.CUT_OFF);
        }
    }

    /** Answers, or says that this has failed. */
    static void answer(UploadExchange exchange, Answer answer, UploadOutcome outcome) {
        try {
            answer.write(outcome);
        } catch (IOException | RuntimeException e) {
            boolean isExpected = outcome instanceof Failed failed && UploadExchange.isEndedEarly(failed.problem());
            LOG.log(isExpected ? Level.DEBUG : Level.WARNING, "an upload could not be answered", e);
            fail(exchange);
        }
    }

    private static void fail(UploadExchange exchange) {
        try {
            if (!exchange.response().isCommitted()) {
                exchange.fail();
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the answer to an upload could not be sent: {0}", e.toString());
        }
    }

    /** Ends the request, unless the container has done that. */
    static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the container has ended an upload itself: {0}", e.toString());
        }
    }

    // ---- as it comes

    @Override
    public void onDataAvailable() {
        worker.execute(this::readAvailable);
    }

    private void readAvailable() {
        byte[] block = BLOCK.get();
        try {
            // Asked before isReady(), which on some containers would call onAllDataRead() from within.
            while (!in.isFinished()) {
                if (!in.isReady()) {
                    return;
                }
                int read = in.read(block);
                if (read < 0) {
                    break;
                }
                if (!sink.write(block, 0, read)) {
                    return;
                }
            }
            endOfBody();
        } catch (IOException | RuntimeException e) {
            onError(e);
        }
    }

    @Override
    public void onAllDataRead() {
        worker.execute(this::endOfBody);
    }

    @Override
    public void onError(Throwable failure) {
        LOG.log(Level.DEBUG, "the body of an upload broke off: {0}", failure.toString());
        sink.end(Ending.CUT_OFF);
    }

    // ---- by waiting

    private void readBlocking() {
        byte[] block = BLOCK.get();
        try {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                if (!sink.write(block, 0, read)) {
                    return;
                }
            }
            endOfBody();
        } catch (IOException e) {
            onError(e);
        }
    }

    /** The end that the container has seen; one that came before the announced length is none. */
    private void endOfBody() {
        sink.end(announced >= 0 && sink.taken() < announced ? Ending.CUT_OFF : Ending.WHOLE);
    }
}
