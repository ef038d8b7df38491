// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.io.IOException;

/**
 * How the body of a committed response goes on.
 *
 * <p>A body takes bytes in order and answers with the body that takes the next ones: itself, or another if it gives up.
 */
sealed interface ResponseBody permits Spooling, Selecting, Untouched {

    /** Takes bytes; the array belongs to the caller again when the call returns. */
    ResponseBody write(byte[] bytes, int offset, int length) throws IOException;

    /** The application wants the client to have what was written, where that is possible. */
    void flush() throws IOException;

    /**
     * The application has written all it had.
     *
     * @throws IOException if the client must not take what it got for complete
     */
    void finish() throws IOException;

    /** The exchange failed or was left: frees what is held and writes nothing. */
    void abandon();
}
