// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The output stream of an observed response: every call is the exchange's. */
final class ObservedOutput extends ServletOutputStream {

    private final RangeExchange exchange;

    ObservedOutput(RangeExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
        exchange.body().write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        exchange.body().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        exchange.body().flush();
    }

    @Override
    public void close() throws IOException {
        exchange.body().close();
    }

    @Override
    public boolean isReady() {
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
            exchange.setWriteListener(listener);
        } catch (IOException e) {
            listener.onError(e);
        }
    }
}
