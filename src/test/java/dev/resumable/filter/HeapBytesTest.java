// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.content.RangeBlocks;
import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import dev.resumable.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("bytes in memory")
final class HeapBytesTest {

    /** Some small blocks, then several of the pool. */
    private static final int LENGTH = 500_000;

    private static final int POOL = 20;

    private final BufferPool pool = new BufferPool(BufferPool.SIZE, POOL);
    private final HeapBytes bytes = new HeapBytes(pool);

    private void append(int pieces) {
        for (int at = 0; at < LENGTH; at += pieces) {
            int length = Math.min(pieces, LENGTH - at);
            assertThat(bytes.growth(length)).isNotNegative();
            long expected = bytes.capacity() + bytes.growth(length);
            bytes.append(Bytes.slice(at, length), 0, length);
            assertThat(bytes.capacity()).isEqualTo(expected);
        }
    }

    /** Writes into all that the pool has to give. */
    private void useAllOthers() {
        for (int i = 0; i < POOL; i++) {
            ByteBuffer buffer = pool.take(BufferPool.SIZE);
            while (buffer.hasRemaining()) {
                buffer.put((byte) '!');
            }
        }
    }

    @Test
    @DisplayName("are given out whole and in part, whatever the pieces that they came in")
    void ranges() throws IOException {
        append(7_777);
        for (ByteRange range :
                List.of(new ByteRange(0, LENGTH - 1), new ByteRange(1, 1), new ByteRange(60_000, 400_000))) {
            assertThat(bytes.read(range).asStream().readAllBytes())
                    .isEqualTo(Bytes.slice(range.first(), (int) range.length()));
        }
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        bytes.writeTo(copy);
        assertThat(copy.toByteArray()).isEqualTo(Bytes.slice(0, LENGTH));
        bytes.close();
    }

    @Test
    @DisplayName("leave their blocks to others once all who read have come to the end")
    void givenBack() throws IOException {
        append(50_000);
        List<ByteBuffer> handedOut = new ArrayList<>();
        RangeBlocks reading = bytes.read(new ByteRange(0, LENGTH - 1));
        for (ByteBuffer block = reading.next(); block.hasRemaining(); block = reading.next()) {
            handedOut.add(block);
        }
        bytes.close();
        useAllOthers();

        ByteBuffer last = handedOut.get(handedOut.size() - 2);
        assertThat(last.get(last.position())).isEqualTo((byte) '!');
    }

    @Test
    @DisplayName("keep a block from others that may be on its way to a client still")
    void givenUp() throws IOException {
        append(50_000);
        RangeBlocks reading = bytes.read(new ByteRange(200_000, LENGTH - 1));
        ByteBuffer first = reading.next();
        bytes.close();
        useAllOthers();

        byte[] seen = new byte[first.remaining()];
        first.get(seen);
        assertThat(seen).isEqualTo(Bytes.slice(200_000, seen.length));
        assertThatThrownBy(reading::next).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("leave their blocks to others when who reads a stream has closed it, at its end or before")
    void copied() throws IOException {
        append(50_000);
        ByteBuffer last;
        try (RangeBlocks looking = bytes.read(new ByteRange(LENGTH - 1, LENGTH - 1))) {
            last = looking.next();
            looking.next();
        }
        try (InputStream all = bytes.read(new ByteRange(0, LENGTH - 1)).asStream()) {
            // Not a byte more, so that it never hears of the end.
            byte[] got = new byte[LENGTH];
            assertThat(all.readNBytes(got, 0, LENGTH)).isEqualTo(LENGTH);
            assertThat(got).isEqualTo(Bytes.slice(0, LENGTH));
        }
        bytes.close();
        useAllOthers();

        assertThat(last.get(last.position())).isEqualTo((byte) '!');
    }

    @Test
    @DisplayName("cannot be read any more once they are given away")
    void closed() throws IOException {
        append(50_000);
        RangeBlocks late = bytes.read(new ByteRange(0, LENGTH - 1));
        bytes.close();

        assertThatThrownBy(late::next).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bytes.read(new ByteRange(0, 0))).isInstanceOf(IOException.class);
    }
}
