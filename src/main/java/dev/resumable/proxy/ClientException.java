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

    ClientException(IOException cause) {
        super(cause.toString(), cause);
        this.original = cause;
    }

    /** Containers tell of malformed content by exceptions of either kind. */
    static ClientException of(Exception cause) {
        return new ClientException(cause instanceof IOException known ? known : new IOException(cause));
    }

    /** What the container has thrown; it knows its own classes and logs them quietly. */
    IOException original() {
        return original;
    }
}
