// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("bytes that are not committed")
final class UncommittedBytesTest {

    private static final byte[] BLOCK = new byte[20_000];

    private final Quota heap = new Quota(1 << 20);
    private final UncommittedBytes bytes = new UncommittedBytes(heap);

    @Test
    @DisplayName("take their heap again after they were forgotten, as when a response is reset")
    void forgotten() throws IOException {
        assertThat(bytes.keep(BLOCK, 0, BLOCK.length, BLOCK.length)).isTrue();
        assertThat(heap.reservedBytes()).isPositive();
        bytes.discard();
        assertThat(heap.reservedBytes()).isZero();

        assertThat(bytes.keep(BLOCK, 0, BLOCK.length, BLOCK.length)).isTrue();
        assertThat(bytes.size()).isEqualTo(BLOCK.length);
    }

    @Test
    @DisplayName("take none for a write that comes after the end, which nobody would ever give back")
    void late() throws IOException {
        bytes.keep(BLOCK, 0, BLOCK.length, BLOCK.length);
        bytes.close();

        assertThatThrownBy(() -> bytes.keep(BLOCK, 0, BLOCK.length, BLOCK.length))
                .isInstanceOf(IOException.class);
        assertThat(heap.reservedBytes()).isZero();
    }
}
