// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Work for a request that may take minutes, after its last byte: on a thread of its own, so that it keeps none of the container's
 * from other requests. Where async processing is not supported, the request's thread does it. An owner may have a few at work.
 */
final class LongWork {

    private static final Logger LOG = System.getLogger(LongWork.class.getName());

    private final WaitingRooms rooms = new WaitingRooms();

    /** Works and answers; the caller has nothing more to do. */
    void run(UploadExchange exchange, Attempt work, BodyReception.Answer answer) throws IOException {
        if (!exchange.request().isAsyncSupported()) {
            answer.write(Attempt.outcomeOf(bounded(exchange.owner(), work)));
        } else if (rooms.enter(exchange.owner())) {
            runAside(exchange, work, answer);
        } else {
            answer.write(UploadEngine.busy());
        }
    }

    /** The same work, for a thread that is there already. */
    Attempt bounded(String owner, Attempt work) {
        return () -> {
            if (!rooms.enter(owner)) {
                return UploadEngine.busy();
            }
            try {
                return work.run();
            } finally {
                rooms.leave(owner);
            }
        };
    }

    private void runAside(UploadExchange exchange, Attempt work, BodyReception.Answer answer) {
        AsyncContext context;
        try {
            context = exchange.request().startAsync();
        } catch (RuntimeException e) {
            rooms.leave(exchange.owner());
            throw e;
        }
        // It ends when it is done; a store that waits for ever would hold a thread of the container as well.
        context.setTimeout(0);
        Thread thread = new Thread(() -> runAside(exchange, work, answer, context), "resumable-uploads-work");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // The system gives no more threads.
            runAside(exchange, work, answer, context);
        }
    }

    private void runAside(UploadExchange exchange, Attempt work, BodyReception.Answer answer, AsyncContext context) {
        try {
            BodyReception.answer(exchange, answer, outcomeOf(work));
        } finally {
            rooms.leave(exchange.owner());
            BodyReception.complete(context);
        }
    }

    /** Whatever goes wrong, the client hears of it. */
    private static UploadOutcome outcomeOf(Attempt work) {
        try {
            return Attempt.outcomeOf(work);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "an upload failed", e);
            return UploadOutcome.failed(UploadProblem.STORE_FAILED, "The request could not be carried out.");
        }
    }
}
