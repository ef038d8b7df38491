// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.BodyBlocks.Lifetime;
import dev.resumable.content.ContentOptions.SendPolicy;
import dev.resumable.servlet.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Chooses the way in which a body gets to the client.
 *
 * <p>Other ways than the blocking one only into a stream of the container's own: what a filter has put in front may look at
 * the bytes after the chain has returned, whatever it says of async, and of other containers nobody knows how they end a
 * non-blocking answer that fails.
 */
final class SenderChoice {

    /**
     * Up to here a body goes out in one write: the buffers of a socket and its client take that, or nearly all of it. Of a client that
     * asks and asks and takes nothing it may hold a thread, until the limit of the container, or ours, is over.
     */
    private static final long SHORT = 64L << 10;

    private final Delivery delivery;
    private final ContentOptions options;

    SenderChoice(Delivery delivery, ContentOptions options) {
        this.delivery = delivery;
        this.options = options;
    }

    /** The way of a file that the container opens and sends by itself; empty if we have to. */
    Optional<BodySender> byContainer(Representation representation, ContentBody body, OpenAnswer answer)
            throws IOException {
        return options.send() == SendPolicy.BLOCKING
                ? Optional.empty()
                : Sendfile.path(delivery, representation, body, options.sendfileAfter())
                        .map(path -> new Sendfile(delivery, path, body, answer));
    }

    BodySender of(OpenAnswer answer, ContentBody body) throws IOException {
        HttpServletResponse response = delivery.response();
        if (body.length() <= SHORT) {
            // What the container keeps in its buffer waits for nobody here.
            boolean fits = body.length() <= response.getBufferSize();
            return new BlockingSender(response, answer, fits ? Duration.ZERO : options.sendIdleTimeout());
        }
        ServletOutputStream stream = response.getOutputStream();
        boolean mustBlock = options.send() == SendPolicy.BLOCKING
                || answer.lifetime() == Lifetime.CALL
                || Container.of(stream) == Container.OTHER;
        Optional<AsyncContext> begun =
                mustBlock ? Optional.empty() : delivery.async().begin();
        return begun.isEmpty()
                ? new BlockingSender(response, answer, options.sendIdleTimeout())
                : new NonBlockingSender(
                        response,
                        answer,
                        begun.get(),
                        Outlet.nonBlocking(stream, response, answer.observer()),
                        options.sendIdleTimeout());
    }
}
