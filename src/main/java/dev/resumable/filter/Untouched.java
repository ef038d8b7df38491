// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A body that is none of our business: straight to the container, which alone knows what belongs to it.
 *
 * <p>Only its length is watched: not every container breaks a connection off on which fewer bytes came than were declared,
 * and the client would wait for the rest.
 */
final class Untouched implements ResponseBody {

    /** For a body that has no length, or none that its bytes must reach. */
    static final long ANY_LENGTH = 0;

    private final HttpServletResponse response;
    private final ExchangeOutcome outcome;
    private final long promised;
    private long written;

    /** @param promised how many bytes the client expects at least */
    Untouched(HttpServletResponse response, ExchangeOutcome outcome, long promised) {
        this.response = response;
        this.outcome = outcome;
        this.promised = promised;
    }

    @Override
    public ResponseBody write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream stream = response.getOutputStream();
        try {
            stream.write(bytes, offset, length);
        } catch (IOException e) {
            outcome.clientLeft(e);
            throw e;
        }
        written += length;
        return this;
    }

    boolean isReady() throws IOException {
        return response.getOutputStream().isReady();
    }

    void setWriteListener(WriteListener listener) throws IOException {
        response.getOutputStream().setWriteListener(new PushedWrites(listener, outcome));
    }

    @Override
    public void flush() throws IOException {
        try {
            response.flushBuffer();
        } catch (IOException e) {
            outcome.clientLeft(e);
            throw e;
        }
    }

    @Override
    public void finish() throws IOException {
        outcome.passed(written);
        if (written < promised) {
            throw new EOFException("the application declared " + promised + " bytes and wrote " + written);
        }
    }

    @Override
    public void abandon() {
        // Nothing is held.
    }
}
