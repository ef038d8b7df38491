// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;

/**
 * The client's side has failed: its content ended early, or it takes no more.
 *
 * <p>Which side failed is known by where the call was made. The classes of exceptions do not tell: an {@code EOFException} may
 * come from either.
 */
final class ClientException extends IOException {

    private static final long serialVersionUID = 1L;

    private final IOException original;
    private final Reason reason;

    /** What has become of the client. */
    enum Reason {
        /** Its side was broken, or is malformed. */
        FAILED,
        /** It was waited for in vain. */
        TIMED_OUT
    }

    ClientException(IOException cause) {
        super(cause.toString(), cause);
        this.original = cause;
        this.reason = Reason.FAILED;
    }

    private ClientException(String message) {
        super(message);
        this.original = this;
        this.reason = Reason.TIMED_OUT;
    }

    /** Clients fail in ordinary operation, and containers log what is thrown: the message tells all. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Containers tell of malformed content by exceptions of either kind. */
    static ClientException of(Exception cause) {
        if (cause instanceof ClientException known) {
            return known;
        }
        return new ClientException(cause instanceof IOException known ? known : new IOException(cause));
    }

    static ClientException timedOut() {
        return new ClientException("the client was waited for in vain");
    }

    /** What the container has thrown; it knows its own classes and logs them quietly. */
    IOException original() {
        return original;
    }

    Reason reason() {
        return reason;
    }
}
