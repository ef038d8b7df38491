// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream as blocks of 64 KiB; reading it may wait for anything. */
final class StreamBlocks implements RangeBlocks {

    private static final int BLOCK = 64 << 10;

    private final InputStream in;
    private final byte[] block;
    private long left;

    StreamBlocks(InputStream in, long length) {
        this.in = in;
        this.left = length;
        this.block = new byte[(int) Math.min(BLOCK, length)];
    }

    @Override
    public ByteBuffer next() throws IOException {
        if (left == 0) {
            return END;
        }
        int read = in.read(block, 0, (int) Math.min(block.length, left));
        if (read < 0) {
            throw new EOFException("representation ended " + left + " bytes early");
        }
        left -= read;
        return ByteBuffer.wrap(block, 0, read);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
