// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends on the calling thread, which waits for the client where it must. Any container, any stream, any protocol. */
final class BlockingSender implements BodySender {

    private final HttpServletResponse response;
    private final OpenAnswer answer;

    BlockingSender(HttpServletResponse response, OpenAnswer answer) {
        this.response = response;
        this.answer = answer;
    }

    @Override
    public void send() throws IOException {
        try {
            Outlet outlet = Outlet.blocking(response.getOutputStream(), answer.observer());
            for (ByteBuffer block = answer.next(); block.hasRemaining(); block = answer.next()) {
                outlet.write(block);
            }
            answer.complete();
        } catch (IOException e) {
            if (!response.isCommitted()) {
                // Or the error page would go out under the length and the tag of the representation.
                response.reset();
                response.setContentLengthLong(-1);
            }
            throw e;
        } finally {
            answer.end();
        }
    }
}
