// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the pool of direct buffers")
final class BufferPoolTest {

    private static final long LARGE = 1L << 20;

    private final BufferPool pool = new BufferPool(BufferPool.SIZE, 1);

    @Test
    @DisplayName("makes no more than it may, and gives out again what was given back")
    void bound() {
        ByteBuffer first = pool.take(LARGE);
        assertThat(first.isDirect()).isTrue();
        assertThat(pool.take(LARGE).isDirect()).isFalse();

        first.position(7).limit(9);
        pool.giveBack(first);
        assertThat(pool.take(LARGE)).isSameAs(first);
        assertThat(first.remaining()).isEqualTo(BufferPool.SIZE);
    }

    @Test
    @DisplayName("gives those who wait for clients less of the heap, since there is no end to their number")
    void heap() {
        assertThat(pool.takeAny(LARGE).capacity()).isEqualTo(BufferPool.SIZE);
        assertThat(pool.takeAny(LARGE).capacity()).isEqualTo(16 << 10);
        assertThat(pool.takeAny(1_000).capacity()).isEqualTo(1_000);
        assertThat(pool.take(LARGE).capacity()).isEqualTo(BufferPool.SIZE);
    }

    @Test
    @DisplayName("counts one that is not given back for as long as somebody may have it")
    void lost() {
        ByteBuffer sending = pool.take(LARGE);
        System.gc();
        assertThat(pool.take(LARGE).isDirect()).isFalse();
        assertThat(sending.isDirect()).isTrue();

        loseAnother();
    }

    private static void loseAnother() {
        BufferPool other = new BufferPool(BufferPool.SIZE, 1);
        assertThat(other.take(LARGE).isDirect()).isTrue();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(other.take(LARGE).isDirect()).isTrue();
        });
    }
}
