// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

/** How the end of a response body was marked (RFC 9112 §6.3). */
public enum Framing {
    /** By a {@code Content-Length} field. */
    CONTENT_LENGTH,
    /** By the last chunk of the chunked coding. */
    CHUNKED,
    /** By the end of the connection. */
    UNTIL_CLOSE,
    /** Not at all: the answer to HEAD, and 1xx, 204 and 304, have no body. */
    NONE
}
