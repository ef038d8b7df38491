// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents.SpoolPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and accounts of spools. */
@DisplayName("a spool")
final class SpoolTest {

    private static final byte[] BLOCK = new byte[1000];

    @TempDir
    private Path parent;

    private SpoolDirectory directory(long heap, long file, long total) {
        return directory(heap, Long.MAX_VALUE, file, total);
    }

    private SpoolDirectory directory(long heap, long heapTotal, long file, long total) {
        RangeConfig config = RangeConfig.builder()
                .spoolHeap(heap)
                .spoolHeapTotalSize(OptionalLong.of(heapTotal))
                .spoolFileSize(file)
                .spoolTotalSize(total)
                .build();
        return new SpoolDirectory(Optional.of(parent), config);
    }

    @Test
    @DisplayName("takes nothing of a block that goes past a limit, and keeps what it has")
    void limits() throws IOException {
        SpoolDirectory directory = directory(1500, 2500, 10_000);
        try (directory;
                Spool spool = new Spool(directory)) {
            assertThat(spool.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(directory.disk().reservedBytes()).isZero();
            assertThat(spool.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(directory.disk().reservedBytes()).isEqualTo(2000);
            assertThat(spool.keep(BLOCK, 0, 1000)).contains(PassReason.TOO_LONG);

            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            spool.copyTo(copy);
            assertThat(copy.size()).isEqualTo(2000);
        }
        assertThat(directory.disk().reservedBytes()).isZero();
    }

    @Test
    @DisplayName("gives up where all spools together take too much of the disk")
    void total() throws IOException {
        SpoolDirectory directory = directory(0, 10_000, 1500);
        try (directory;
                Spool first = new Spool(directory);
                Spool second = new Spool(directory)) {
            assertThat(first.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(second.keep(BLOCK, 0, 1000)).contains(PassReason.SPOOL_FULL);
            first.close();
            assertThat(second.keep(BLOCK, 0, 1000)).isEmpty();
        }
        assertThat(directory.disk().reservedBytes()).isZero();
    }

    @Test
    @DisplayName("goes to its file at once where all spools together take too much of the heap")
    void heapTotal() throws IOException {
        SpoolDirectory directory = directory(10_000, 1500, 10_000, 10_000);
        try (directory;
                Spool first = new Spool(directory);
                Spool second = new Spool(directory)) {
            assertThat(first.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(second.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(first.place()).isEqualTo(SpoolPlace.HEAP);
            assertThat(second.place()).isEqualTo(SpoolPlace.DISK);
            assertThat(directory.heap().reservedBytes()).isEqualTo(1000);

            // A spool that leaves the heap gives back what it had there.
            assertThat(first.keep(BLOCK, 0, 1000)).isEmpty();
            assertThat(first.place()).isEqualTo(SpoolPlace.DISK);
            assertThat(directory.heap().reservedBytes()).isZero();
            assertThat(directory.openSpools()).isEqualTo(2);
        }
        assertThat(directory.openSpools()).isZero();
    }

    @Test
    @DisplayName("shares the heap with what is not committed yet, but for what any container keeps as well")
    void uncommitted() throws IOException {
        Quota heap = new Quota(24_000);
        UncommittedBytes first = new UncommittedBytes(heap);
        UncommittedBytes second = new UncommittedBytes(heap);
        int buffer = UncommittedBytes.MAX_BUFFER;
        for (int i = 0; i < 8; i++) {
            assertThat(first.keep(BLOCK, 0, 1000, buffer)).isTrue();
            assertThat(heap.reservedBytes()).isZero();
        }
        assertThat(first.keep(BLOCK, 0, 1000, buffer)).isTrue();
        // Arrays double: seven thousand of these bytes lie idle.
        assertThat(heap.reservedBytes()).isEqualTo(16_000 - 8192);
        for (int i = 9; i < 32; i++) {
            assertThat(first.keep(BLOCK, 0, 1000, buffer)).isTrue();
        }
        assertThat(heap.reservedBytes()).isEqualTo(32_000 - 8192);
        assertThat(first.keep(BLOCK, 0, 1000, buffer)).isFalse();
        assertThat(first.size()).isEqualTo(32_000);

        for (int i = 0; i < 8; i++) {
            assertThat(second.keep(BLOCK, 0, 1000, buffer)).isTrue();
        }
        assertThat(second.keep(BLOCK, 0, 1000, buffer)).isFalse();
        first.discard();
        first.discard();
        assertThat(heap.reservedBytes()).isZero();
        assertThat(second.keep(BLOCK, 0, 1000, buffer)).isTrue();
    }

    @Test
    @DisplayName("counts the heap that it takes, not the bytes that it has")
    void idleHeap() throws IOException {
        SpoolDirectory directory = directory(1 << 20, 1 << 20, 1 << 20, 0);
        try (directory;
                Spool spool = new Spool(directory)) {
            long taken = 0;
            HeapBytes same = new HeapBytes();
            for (int length = 1; length < BLOCK.length; length += 7) {
                taken += same.growth(length);
                same.append(BLOCK, 0, length);
                assertThat(spool.keep(BLOCK, 0, length)).isEmpty();
                assertThat(directory.heap().reservedBytes()).isEqualTo(taken).isEqualTo(same.capacity());
            }
            assertThat(taken).isGreaterThan(spool.size());
        }
        assertThat(directory.heap().reservedBytes()).isZero();
    }

    @Test
    @DisplayName("can be closed while its copy waits for a client")
    void closedWhileCopied() throws Exception {
        for (long heap : new long[] {10_000, 0}) {
            SpoolDirectory directory = directory(heap, 10_000, 10_000);
            CountDownLatch waits = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            OutputStream client = new OutputStream() {
                @Override
                public void write(int b) {
                    waits.countDown();
                    awaitQuietly(goesOn);
                }
            };
            try (directory;
                    Spool spool = new Spool(directory)) {
                assertThat(spool.keep(BLOCK, 0, 1000)).isEmpty();
                CompletableFuture<Void> copy =
                        CompletableFuture.runAsync(() -> copy(spool, client), SpoolTest::inThread);
                waits.await();
                CompletableFuture.runAsync(spool::close, SpoolTest::inThread).get(10, TimeUnit.SECONDS);
                assertThat(copy).isNotDone();
                goesOn.countDown();
                copy.get(10, TimeUnit.SECONDS);
            }
            assertThat(directory.openSpools()).isZero();
        }
    }

    /** The common pool may have one thread only, and from Java 25 on nothing runs beside it. */
    private static void inThread(Runnable work) {
        Thread thread = new Thread(work, "spool");
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Spool spool, OutputStream client) {
        try {
            spool.copyTo(client);
        } catch (IOException e) {
            // The file may be closed by now.
        }
    }

    @Test
    @DisplayName("that is closed while another thread writes keeps no byte reserved and no file open")
    void closedMeanwhile() throws Exception {
        SpoolDirectory directory = directory(0, Long.MAX_VALUE, Long.MAX_VALUE);
        try (directory) {
            for (int i = 0; i < 500; i++) {
                Spool spool = new Spool(directory);
                CountDownLatch begun = new CountDownLatch(1);
                Thread writer = new Thread(() -> write(spool, begun));
                writer.start();
                begun.await();
                spool.close();
                spool.close();
                writer.join();
            }
            assertThat(directory.disk().reservedBytes()).isZero();
            assertThat(directory.heap().reservedBytes()).isZero();
            assertThat(directory.openSpools()).isZero();
        }
    }

    @Test
    @DisplayName("that nobody closes and nobody has any more gives all back, as where a container loses an exchange")
    void lost() throws IOException {
        SpoolDirectory directory = directory(1500, Long.MAX_VALUE, 10_000);
        try (directory) {
            lose(directory, 1000);
            lose(directory, 2000);
            await().untilAsserted(() -> {
                System.gc();
                assertThat(directory.openSpools()).isZero();
            });
            assertThat(directory.heap().reservedBytes()).isZero();
            assertThat(directory.disk().reservedBytes()).isZero();
        }
    }

    private static void lose(SpoolDirectory directory, int length) throws IOException {
        Spool spool = new Spool(directory);
        for (int i = 0; i < length; i += 1000) {
            assertThat(spool.keep(BLOCK, 0, 1000)).isEmpty();
        }
        assertThat(directory.heap().reservedBytes() + directory.disk().reservedBytes())
                .isGreaterThanOrEqualTo(length);
    }

    private static void write(Spool spool, CountDownLatch begun) {
        begun.countDown();
        assertThatThrownBy(() -> {
                    while (true) {
                        spool.keep(BLOCK, 0, 1000);
                    }
                })
                .isInstanceOf(IOException.class);
    }
}
