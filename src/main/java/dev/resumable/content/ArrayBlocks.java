// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Bytes that are all in memory. */
final class ArrayBlocks implements RangeBlocks {

    private Iterator<ByteBuffer> left;

    ArrayBlocks(List<ByteBuffer> blocks) {
        this.left = blocks.iterator();
    }

    @Override
    public ByteBuffer next() {
        return left.hasNext() ? left.next() : END;
    }

    @Override
    public void close() {
        left = Collections.emptyIterator();
    }
}
