// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Blocks for those who read streams. */
final class BlocksStream extends InputStream {

    private final RangeBlocks blocks;
    private ByteBuffer block = RangeBlocks.END;

    BlocksStream(RangeBlocks blocks) {
        this.blocks = blocks;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!block.hasRemaining()) {
            block = blocks.next();
        }
        if (!block.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, block.remaining());
        block.get(bytes, offset, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        block = RangeBlocks.END;
        blocks.close();
    }
}
