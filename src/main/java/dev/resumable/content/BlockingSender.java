// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.servlet.Container;
import dev.resumable.servlet.StallWatch;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends on the calling thread, which waits for the client where it must. Any container, any stream, any protocol. */
final class BlockingSender implements BodySender {

    private final HttpServletResponse response;
    private final OpenAnswer answer;
    private final StallWatch watch;

    /** @param idleTimeout for how long the client may take nothing, where the container has no such limit itself */
    BlockingSender(HttpServletResponse response, OpenAnswer answer, Duration idleTimeout) {
        this.response = response;
        this.answer = answer;
        boolean watched = Container.of(response) == Container.UNDERTOW;
        this.watch = new StallWatch(watched ? idleTimeout : Duration.ZERO, () -> Container.breakOff(response));
    }

    @Override
    public void send() throws IOException {
        try {
            Outlet outlet = Outlet.blocking(response.getOutputStream(), answer.observer());
            watch.begin();
            for (ByteBuffer block = answer.next(); block.hasRemaining(); block = answer.next()) {
                while (block.hasRemaining()) {
                    outlet.write(block);
                    watch.progress();
                }
            }
            answer.complete();
        } catch (IOException | RuntimeException | Error e) {
            if (!response.isCommitted()) {
                // Or the error page would go out under the length and the tag of the representation.
                response.reset();
                response.setContentLengthLong(-1);
            }
            throw e;
        } finally {
            watch.end();
            answer.end();
        }
    }
}
