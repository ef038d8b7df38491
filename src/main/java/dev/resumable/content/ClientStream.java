// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.io.output.ProxyOutputStream;

/**
 * The container's own stream: what it throws is the client's doing, and no fault of the representation.
 *
 * <p>The exception goes on as it came, since containers know their own for a client that has gone.
 */
final class ClientStream extends ProxyOutputStream {

    private final AnswerObserver observer;

    ClientStream(OutputStream stream, AnswerObserver observer) {
        super(stream);
        this.observer = observer;
    }

    @Override
    protected void handleIOException(IOException e) throws IOException {
        observer.clientLeft(e);
        throw e;
    }
}
