// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What comes over a connection: counts its bytes, and notes their end. */
final class WatchedInput extends FilterInputStream {

    /** Bytes so far. */
    volatile long count;

    /** True once the other side has ended its own. */
    volatile boolean ended;

    WatchedInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only one thread reads
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = super.read(bytes, offset, length);
        count += Math.max(got, 0);
        ended |= got < 0;
        return got;
    }
}
