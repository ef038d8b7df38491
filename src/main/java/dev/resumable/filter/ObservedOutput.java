// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.Container;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The output stream of an observed response: every call is the exchange's. */
final class ObservedOutput extends ServletOutputStream {

    private final RangeExchange exchange;
    private final Container container;

    ObservedOutput(RangeExchange exchange, Container container) {
        this.exchange = exchange;
        this.container = container;
    }

    /** In the charset of the response on Jetty, in Latin-1 elsewhere: each as the container's own stream does it. */
    @Override
    public void print(@Nullable String text) throws IOException {
        if (container == Container.JETTY) {
            write(String.valueOf(text).getBytes(exchange.response().charsetOfText()));
        } else {
            super.print(text);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        exchange.end().requireInTime();
        try {
            exchange.body().write(bytes, offset, length);
        } catch (RuntimeException e) {
            if (isTooLate()) {
                // The container has ended the exchange under this call, with nothing that a caller could expect.
                throw new IOException("the exchange is over", e);
            }
            throw e;
        }
    }

    boolean isTooLate() {
        return exchange.end().isTooLate();
    }

    @Override
    public void flush() throws IOException {
        exchange.end().requireInTime();
        exchange.body().flush();
    }

    @Override
    public void close() throws IOException {
        // What a late thread was not let finish, a listener may be answering by now.
        if (!isTooLate()) {
            exchange.body().close();
        }
    }

    @Override
    public boolean isReady() {
        if (isTooLate()) {
            return true;
        }
        try {
            return exchange.isReady();
        } catch (IOException e) {
            // Ready to fail: the next write says why.
            return true;
        }
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        try {
            exchange.end().requireInTime();
            exchange.setWriteListener(listener);
        } catch (IOException e) {
            listener.onError(e);
        }
    }
}
