// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.Random;

/** Random bytes that are sent over and over; lengths of uploads are multiples of theirs. */
final class Block {

    static final int SIZE = 256 << 10;

    private final byte[] bytes;

    private Block(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Others each time, since equal uploads could be kept once. */
    static Block random() {
        byte[] bytes = new byte[SIZE];
        new Random().nextBytes(bytes);
        return new Block(bytes);
    }

    byte[] bytes() {
        return bytes;
    }
}
