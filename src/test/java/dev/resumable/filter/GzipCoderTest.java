// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.content.BytesRepresentation;
import dev.resumable.content.Representation;
import dev.resumable.filter.GzipCoder.Outcome;
import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coding into spools, with their limits. */
@DisplayName("the gzip coder")
final class GzipCoderTest {

    private static final Representation TEXT = BytesRepresentation.of(Bytes.pattern(300_000), "text/plain");
    private static final Representation NOISE = BytesRepresentation.of(Bytes.random(7, 300_000), "text/plain");

    @TempDir
    private Path parent;

    private SpoolDirectory spools(long heap, long file, long total) {
        RangeConfig config = RangeConfig.builder()
                .spoolHeap(heap)
                .spoolFileSize(file)
                .spoolTotalSize(total)
                .build();
        return new SpoolDirectory(Optional.of(parent), config);
    }

    private static void assertEmpty(SpoolDirectory spools) {
        assertThat(spools.openSpools()).isZero();
        assertThat(spools.heap().reservedBytes()).isZero();
        assertThat(spools.disk().reservedBytes()).isZero();
    }

    private static byte[] coded(SpoolDirectory spools, Representation body) throws IOException {
        Outcome outcome = new GzipCoder(spools).code(body, Long.MAX_VALUE);
        assertThat(outcome).isInstanceOf(Outcome.Coded.class);
        try (Spool spool = ((Outcome.Coded) outcome).spool()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            spool.copyTo(bytes);
            return bytes.toByteArray();
        }
    }

    @Test
    @DisplayName("gives equal bytes for equal bytes, in the heap or on disk, however they are read")
    void deterministic() throws IOException {
        try (SpoolDirectory heap = spools(1 << 20, 1 << 20, 0);
                SpoolDirectory disk = spools(0, 1 << 20, 1 << 20)) {
            byte[] coded = coded(heap, TEXT);
            assertThat(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes())
                    .isEqualTo(Bytes.pattern(300_000));
            assertThat(coded(disk, TEXT)).isEqualTo(coded);
            assertThat(coded(heap, new Trickle(TEXT, 300_000))).isEqualTo(coded);
            assertEmpty(disk);
        }
    }

    @Test
    @DisplayName("stops at the length from where coding saves nothing")
    void tooLong() throws IOException {
        try (SpoolDirectory spools = spools(1000, 1 << 20, 1 << 20)) {
            long length = coded(spools, TEXT).length;
            GzipCoder coder = new GzipCoder(spools);
            assertThat(coder.code(NOISE, NOISE.length() - 1)).isEqualTo(new Outcome.TooLong());
            assertThat(coder.code(TEXT, length - 1)).isEqualTo(new Outcome.TooLong());
            assertThat(coder.code(TEXT, length))
                    .isInstanceOfSatisfying(
                            Outcome.Coded.class, coded -> coded.spool().close());
            assertEmpty(spools);
        }
    }

    @Test
    @DisplayName("finds too long what no spool would take")
    void longerThanSpools() throws IOException {
        try (SpoolDirectory spools = spools(10_000, 100, 1 << 20)) {
            assertThat(new GzipCoder(spools).code(TEXT, Long.MAX_VALUE)).isEqualTo(new Outcome.TooLong());
        }
    }

    @Test
    @DisplayName("gives up where there is no room, or no disk, and keeps nothing")
    void noRoom() throws IOException {
        try (SpoolDirectory full = spools(0, 1 << 20, 10)) {
            assertThat(new GzipCoder(full).code(TEXT, Long.MAX_VALUE)).isEqualTo(new Outcome.GivenUp());
            assertEmpty(full);
        }
        Path file = Files.createFile(parent.resolve("no directory"));
        RangeConfig broken = RangeConfig.builder().spoolHeap(0).build();
        try (SpoolDirectory spools = new SpoolDirectory(Optional.of(file), broken)) {
            assertThat(new GzipCoder(spools).code(TEXT, Long.MAX_VALUE)).isEqualTo(new Outcome.GivenUp());
            assertEmpty(spools);
        }
    }

    @Test
    @DisplayName("gives up on a body that ends early or fails, but not on one that cannot be opened")
    void badBodies() throws IOException {
        try (SpoolDirectory spools = spools(0, 1 << 20, 1 << 20)) {
            GzipCoder coder = new GzipCoder(spools);
            assertThat(coder.code(new Trickle(TEXT, 299_999), Long.MAX_VALUE)).isEqualTo(new Outcome.GivenUp());
            assertThat(coder.code(new Trickle(TEXT, -1), Long.MAX_VALUE)).isEqualTo(new Outcome.GivenUp());
            assertEmpty(spools);
            Representation gone = new Trickle(TEXT, -2);
            assertThatThrownBy(() -> coder.code(gone, Long.MAX_VALUE)).hasMessage("cannot be opened");
        }
    }

    @Test
    @DisplayName("frees its native memory also when the stream below fails")
    void nativeMemory() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken");
            }
        };
        Deflater deflater = new Deflater(6, true);
        GzipStream stream = new GzipStream(broken, deflater);
        assertThatThrownBy(() -> stream.write(Bytes.random(7, 100_000))).hasMessage("broken");
        assertThatThrownBy(stream::close).isInstanceOf(IOException.class).hasMessage("broken");
        assertThatThrownBy(deflater::getBytesRead).hasMessage("Deflater has been closed");
        assertThatThrownBy(() -> stream.write(1)).hasMessage("the stream is closed");
    }

    @Test
    @DisplayName("gives the JDK's coder no arrays, for whose sake garbage collections would have to wait")
    void noArrays() throws IOException {
        List<Boolean> direct = new ArrayList<>();
        Deflater deflater = new Deflater(6, true) {
            @Override
            public void setInput(ByteBuffer input) {
                direct.add(input.isDirect());
                super.setInput(input);
            }

            @Override
            public int deflate(ByteBuffer output) {
                direct.add(output.isDirect());
                return super.deflate(output);
            }

            @Override
            public void setInput(byte[] input, int offset, int length) {
                throw new AssertionError("an array");
            }

            @Override
            public int deflate(byte[] output, int offset, int length, int flush) {
                throw new AssertionError("an array");
            }
        };
        byte[] body = Bytes.random(7, 100_000);
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GzipStream stream = new GzipStream(coded, deflater)) {
            stream.write(body);
        }
        assertThat(direct).isNotEmpty().doesNotContain(false);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(coded.toByteArray())).readAllBytes())
                .isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 32_768, 300_000})
    @DisplayName("codes bodies of any length, with the head that the stream of the JDK writes")
    void lengths(int length) throws IOException {
        byte[] body = Bytes.pattern(length);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (OutputStream stream = new GZIPOutputStream(expected)) {
            stream.write(body);
        }
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (OutputStream stream = new GzipStream(coded)) {
            for (int from = 0; from < length; from += 777) {
                stream.write(body, from, Math.min(777, length - from));
            }
        }
        assertThat(new GZIPInputStream(new ByteArrayInputStream(coded.toByteArray())).readAllBytes())
                .isEqualTo(body);
        assertThat(Arrays.copyOf(coded.toByteArray(), 9)).isEqualTo(Arrays.copyOf(expected.toByteArray(), 9));
        assertThat(coded.size()).isCloseTo(expected.size(), Percentage.withPercentage(1));
    }

    /** Gives few bytes at a time, and {@code end} of them; -1 is a failure, -2 one at the very start. */
    private record Trickle(Representation body, long end) implements Representation {

        @Override
        public InputStream open(ByteRange range) throws IOException {
            if (end == -2) {
                throw new IOException("cannot be opened");
            }
            InputStream all = body.open(range);
            return new InputStream() {
                private long position;

                @Override
                public int read() throws IOException {
                    if (end == -1 && position > 100_000) {
                        throw new IOException("failed");
                    }
                    if (position == end) {
                        return -1;
                    }
                    position++;
                    return all.read();
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    return super.read(bytes, offset, Math.min(length, 777));
                }
            };
        }

        @Override
        public long length() {
            return body.length();
        }

        @Override
        public Validators validators() {
            return body.validators();
        }

        @Override
        public Optional<String> contentType() {
            return body.contentType();
        }
    }
}
