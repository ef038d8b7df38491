// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.http.ByteRange;
import dev.resumable.servlet.BufferPool;
import dev.resumable.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a long range of a file")
final class ChannelBlocksTest {

    private static final int LENGTH = (20 << 20) + 77;

    private static final int SMALL = BufferPool.SIZE;

    private static final int LARGE = BufferPool.LARGE_SIZE;

    private Path file;

    /** Nanoseconds. */
    private long now;

    @BeforeEach
    void write(@TempDir Path directory) throws IOException {
        file = Files.write(directory.resolve("file"), Bytes.pattern(LENGTH));
    }

    /** What earlier tests of this JVM have lost, as an exchange does whose client has gone, counts until it was collected. */
    @BeforeEach
    void awaitBuffers() {
        await().until(() -> {
            System.gc();
            return isLeft(BufferPool.SHARED) && isLeft(BufferPool.LARGE);
        });
    }

    private static boolean isLeft(BufferPool pool) {
        Optional<ByteBuffer> left = pool.takeIfLeft();
        left.ifPresent(pool::giveBack);
        return left.isPresent();
    }

    @Test
    @DisplayName("comes in large blocks once its client has taken more than sockets take by themselves, and at once")
    void fast() throws IOException {
        List<Integer> sizes = read(at -> 0);

        assertThat(sizes.subList(0, 4 << 20 >> 16)).containsOnly(SMALL);
        assertThat(sizes.subList(4 << 20 >> 16, sizes.size() - 1)).containsOnly(LARGE);
    }

    @Test
    @DisplayName("comes in small blocks to a client that is slower than a near one")
    void slow() throws IOException {
        assertThat(read(at -> 5).subList(0, LENGTH >> 16)).containsOnly(SMALL);
    }

    @Test
    @DisplayName("comes in small blocks again when its client becomes slow, and in large ones when it is fast again")
    void changing() throws IOException {
        List<Integer> sizes = read(at -> at > (8 << 20) && at <= (9 << 20) ? 1_000 : 0);

        int firstLarge = sizes.indexOf(LARGE);
        int smallAgain = firstLarge + sizes.subList(firstLarge, sizes.size()).indexOf(SMALL);
        assertThat(sizes.subList(firstLarge, smallAgain)).hasSize(5).containsOnly(LARGE);
        assertThat(sizes.subList(smallAgain, smallAgain + 64)).containsOnly(SMALL);
        assertThat(sizes.get(smallAgain + 64)).isEqualTo(LARGE);
    }

    @Test
    @DisplayName("gives back its large buffer at its end")
    void givenBack() throws IOException {
        int moreThanThereAre = (int) (Runtime.getRuntime().maxMemory() / 16 / 4 / LARGE) + 1;
        for (int i = 0; i < Math.min(moreThanThereAre, 9); i++) {
            read(at -> 0);
        }
        Optional<ByteBuffer> left = BufferPool.LARGE.takeIfLeft();
        assertThat(left).isPresent();
        left.ifPresent(BufferPool.LARGE::giveBack);
    }

    /** What a client lets pass before it takes the block that ends there. */
    @FunctionalInterface
    private interface Client {
        long millisFor(int endOfBlock);
    }

    /** Sizes of all blocks; their bytes were those of the file. */
    private List<Integer> read(Client client) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file)) {
            ChannelBlocks blocks = new ChannelBlocks(channel, new ByteRange(1, LENGTH - 2), () -> now);
            for (ByteBuffer block = blocks.next(); block.hasRemaining(); block = blocks.next()) {
                sizes.add(block.remaining());
                Channels.newChannel(bytes).write(block);
                now += TimeUnit.MILLISECONDS.toNanos(client.millisFor(bytes.size()));
            }
            blocks.close();
        }
        assertThat(bytes.toByteArray()).isEqualTo(Bytes.slice(1, LENGTH - 2));
        return sizes;
    }
}
