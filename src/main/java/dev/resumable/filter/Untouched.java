// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A body that is none of our business: straight to the container, which alone knows what belongs to it. */
record Untouched(HttpServletResponse response) implements ResponseBody {

    @Override
    public ResponseBody write(byte[] bytes, int offset, int length) throws IOException {
        response.getOutputStream().write(bytes, offset, length);
        return this;
    }

    boolean isReady() throws IOException {
        return response.getOutputStream().isReady();
    }

    void setWriteListener(WriteListener listener) throws IOException {
        response.getOutputStream().setWriteListener(listener);
    }

    @Override
    public void flush() throws IOException {
        response.flushBuffer();
    }

    @Override
    public void finish() {
        // The container ends the response.
    }

    @Override
    public void abandon() {
        // Nothing is held.
    }
}
