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
    @DisplayName("counts one that was given up for as long as somebody may have it")
    void givenUp() {
        ByteBuffer sending = pool.take(LARGE);
        pool.giveUp(sending);
        System.gc();
        assertThat(pool.take(LARGE).isDirect()).isFalse();
        assertThat(sending.isDirect()).isTrue();

        giveUpAnother();
    }

    private static void giveUpAnother() {
        BufferPool other = new BufferPool(BufferPool.SIZE, 1);
        other.giveUp(other.take(LARGE));
        await().untilAsserted(() -> {
            System.gc();
            assertThat(other.take(LARGE).isDirect()).isTrue();
        });
    }
}
