// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;

/** A way in which the body of one answer gets to the client. */
interface BodySender {

    /**
     * Sends all of it, or begins to. What is held for it is freed once: when the last byte has gone, or on any failure.
     *
     * @throws IOException if the body is short of its Content-Length now, and the exception must reach the container
     */
    void send() throws IOException;
}
