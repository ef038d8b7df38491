// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pattern is the same by all ways to it, far beyond 2^31 too. */
final class BytesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 250, 251, 8191, Integer.MAX_VALUE, 1L << 31, 1L << 40, Long.MAX_VALUE - 20})
    void agreesWithTheFormulaAtAnyPosition(long first) throws IOException {
        byte[] slice = Bytes.slice(first, 20);
        try (InputStream stream = Bytes.stream(first, 20)) {
            for (int i = 0; i < 20; i++) {
                byte expected = formula(first + i);
                assertThat(Bytes.at(first + i)).isEqualTo(expected);
                assertThat(slice[i]).isEqualTo(expected);
                assertThat((byte) stream.read()).isEqualTo(expected);
            }
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    private static byte formula(long index) {
        return BigInteger.valueOf(index)
                .multiply(BigInteger.valueOf(31))
                .add(BigInteger.valueOf(7))
                .mod(BigInteger.valueOf(251))
                .byteValue();
    }

    @Test
    void streamsDigestsAndSlicesTheSameBytes() throws IOException {
        byte[] whole = Bytes.slice(1000, 200_000);
        for (int i = 0; i < whole.length; i++) {
            assertThat(whole[i] == Bytes.at(1000 + i)).as("byte %s", i).isTrue();
        }
        assertThat(Bytes.stream(1000, 200_000).readAllBytes()).isEqualTo(whole);
        assertThat(Bytes.sha256(1000, 200_000)).isEqualTo(Bytes.sha256(whole));
        assertThat(Bytes.sha256(new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void repeatsRandomContentBySeed() {
        assertThat(Bytes.random(7, 100)).isEqualTo(Bytes.random(7, 100)).isNotEqualTo(Bytes.random(8, 100));
    }
}
