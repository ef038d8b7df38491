// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.testing.Bytes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that writes without blocking: a block of the pattern whenever the stream is ready, and poison into the block
 * as soon as it belongs to the application again.
 */
final class Pushed implements WriteListener {

    private static final int BLOCK = 16 << 10;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final long length;
    private final AtomicInteger failures;
    private byte[] block = new byte[0];
    private long position;

    private Pushed(AsyncContext async, ServletOutputStream out, long length, AtomicInteger failures) {
        this.async = async;
        this.out = out;
        this.length = length;
        this.failures = failures;
    }

    /** Sends this many bytes of the pattern; counts each exchange that ended by an error. */
    static void send(HttpServletRequest request, long length, AtomicInteger failures) throws IOException {
        AsyncContext async = request.startAsync();
        send(async, length, failures);
    }

    /** As above, where async has been started. */
    static void send(AsyncContext async, long length, AtomicInteger failures) throws IOException {
        async.setTimeout(60_000);
        ServletOutputStream out = async.getResponse().getOutputStream();
        out.setWriteListener(new Pushed(async, out, length, failures));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            // Ready: what was written before has been taken (Servlet 6.1, ServletOutputStream.isReady).
            Arrays.fill(block, (byte) 0xff);
            if (position == length) {
                async.complete();
                return;
            }
            block = Bytes.slice(position, (int) Math.min(BLOCK, length - position));
            out.write(block, 0, block.length);
            position += block.length;
        }
    }

    @Override
    public void onError(Throwable failure) {
        failures.incrementAndGet();
        async.complete();
    }
}
