// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The story of a request to an {@link UploadServlet}: whose it is, whether it may, and which protocol it speaks. */
final class UploadAnswers implements AutoCloseable {

    private static final Logger LOG = System.getLogger(UploadAnswers.class.getName());
    private static final long WATCH_MILLIS = 500;
    private static final long SWEEP_MILLIS = 30_000;

    private final UploadEngine engine;
    private final Owners owners;
    private final Origins origins;
    private final List<UploadProtocol> protocols;
    private final ScheduledExecutorService chores;

    private UploadAnswers(UploadConfig config, UploadEngine engine) {
        this.engine = engine;
        this.owners = new Owners(config.ownerField());
        this.protocols = List.of(
                new DraftProtocol(engine, config), new TusProtocol(engine, config), new PartsProtocol(engine, config));
        this.origins = new Origins(config, protocols);
        // One thread for the watch and one for the sweep, which may have long files to hash.
        this.chores = Executors.newScheduledThreadPool(2, work -> {
            Thread thread = new Thread(work, "resumable-uploads");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts serving; {@link #close()} ends it, and the engine. */
    static UploadAnswers start(UploadConfig config, UploadEngine engine) {
        UploadAnswers answers = new UploadAnswers(config, engine);
        answers.startChores();
        return answers;
    }

    private void startChores() {
        everyMillis(WATCH_MILLIS, WATCH_MILLIS, engine.running()::endSlow);
        // At once too: a crash may have left something.
        everyMillis(0, SWEEP_MILLIS, engine::sweep);
    }

    private void everyMillis(long delay, long period, Runnable chore) {
        // A chore reports its failures itself, so nobody has to wait for the future.
        var unused = chores.scheduleWithFixedDelay(chore(chore), delay, period, TimeUnit.MILLISECONDS);
    }

    /** One that fails is done again next time; an exception would be its last time. */
    private static Runnable chore(Runnable chore) {
        return () -> {
            try {
                chore.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "looking after the uploads failed", e);
            }
        };
    }

    /** Answers a request of any method. */
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> owner = owners.of(request);
        UploadExchange exchange = new UploadExchange(request, response, owner.orElse(Owners.ANONYMOUS), this::refuse);
        origins.allowReading(exchange);
        exchange.keepFields();
        Optional<Failed> forged = origins.refusal(exchange);
        if (owner.isEmpty()) {
            exchange.answer(UploadOutcome.failed(UploadProblem.MALFORMED_REQUEST, "The owner is named twice."));
        } else if (forged.isPresent()) {
            exchange.answer(forged.get());
        } else if (exchange.method().equals("OPTIONS")) {
            describe(exchange);
        } else {
            handle(exchange);
        }
    }

    private void handle(UploadExchange exchange) throws IOException {
        try {
            dispatch(exchange);
        } catch (IOException | RuntimeException e) {
            if (exchange.response().isCommitted() || exchange.request().isAsyncStarted()) {
                throw e;
            }
            LOG.log(Level.WARNING, "an upload failed", e);
            exchange.fail();
        }
    }

    private void dispatch(UploadExchange exchange) throws IOException {
        for (UploadProtocol protocol : protocols) {
            if (protocol.recognises(exchange)) {
                protocol.handle(exchange);
                return;
            }
        }
        exchange.answer(
                UploadOutcome.failed(
                        UploadProblem.NO_PROTOCOL,
                        "Create an upload with a JSON document (Content-Type: application/json) or with the fields of a protocol."));
    }

    /** What can be done here, for programs that ask first, and for browsers that ask for their pages. */
    private void describe(UploadExchange exchange) {
        protocols.forEach(protocol -> protocol.announce(exchange));
        exchange.response().setHeader("Allow", "OPTIONS, GET, HEAD, POST, PUT, PATCH, DELETE");
        origins.allowSending(exchange);
        exchange.answer(HttpServletResponse.SC_NO_CONTENT);
    }

    /** Lets the protocol that created an upload say what a request lacks to change it. */
    private void refuse(UploadExchange exchange, String creator, Failed wrongProtocol) throws IOException {
        for (UploadProtocol protocol : protocols) {
            if (protocol.name().equals(creator)) {
                protocol.refuse(exchange, wrongProtocol);
                return;
            }
        }
        exchange.problem(wrongProtocol);
    }

    /** Ends running requests, whose bytes are kept, and background work. */
    @Override
    public void close() {
        chores.shutdown();
        engine.close();
    }
}
