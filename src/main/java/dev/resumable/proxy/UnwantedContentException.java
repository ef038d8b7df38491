// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;

/** The server has answered before it was sent all of the content: the client is not waited for any longer. No side has failed. */
final class UnwantedContentException extends IOException {

    private static final long serialVersionUID = 1L;

    UnwantedContentException() {
        super("the server has answered already");
    }

    /** Nothing has failed that a trace could tell of. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
