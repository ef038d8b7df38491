// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ByteRange;
import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the bytes of small files")
final class SmallFilesTest {

    private static final int LENGTH = 1_000;

    /** Room for three of that length. */
    private final SmallFiles files = new SmallFiles(4 * LENGTH);

    /** A state of long ago, of the file with this number. */
    private static FileState state(int file, long size) {
        Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
        return new FileState(file, size, longAgo, longAgo);
    }

    private static ByteRange whole(FileState state) {
        return new ByteRange(0, state.size() - 1);
    }

    private void keep(FileState state) {
        assertThat(files.takes(state, whole(state))).isTrue();
        files.keep(state, ByteBuffer.wrap(Bytes.slice(0, (int) state.size())));
    }

    private byte[] find(FileState state, ByteRange range) throws IOException {
        try (RangeBlocks blocks = files.find(state, range).orElseThrow()) {
            return blocks.asStream().readAllBytes();
        }
    }

    @Test
    @DisplayName("are found again, whole and in part, by the state that they were read in")
    void found() throws IOException {
        FileState state = state(1, LENGTH);
        keep(state);

        assertThat(find(state, whole(state))).isEqualTo(Bytes.slice(0, LENGTH));
        assertThat(find(state, new ByteRange(10, 19))).isEqualTo(Bytes.slice(10, 10));
        assertThat(files.find(state(1, LENGTH - 1), new ByteRange(0, 0))).isEmpty();
        assertThat(files.find(state(2, LENGTH), whole(state))).isEmpty();
    }

    @Test
    @DisplayName("cannot be changed by who gets them")
    void readOnly() throws IOException {
        FileState state = state(1, LENGTH);
        keep(state);

        assertThat(files.find(state, whole(state)).orElseThrow().next().isReadOnly())
                .isTrue();
    }

    @Test
    @DisplayName("give way to those that were asked for later")
    void bounded() throws IOException {
        for (int file = 1; file <= 3; file++) {
            keep(state(file, LENGTH));
        }
        find(state(1, LENGTH), new ByteRange(0, 0));
        keep(state(4, LENGTH));

        assertThat(files.find(state(1, LENGTH), new ByteRange(0, 0))).isPresent();
        assertThat(files.find(state(2, LENGTH), new ByteRange(0, 0))).isEmpty();
        assertThat(files.find(state(4, LENGTH), new ByteRange(0, 0))).isPresent();
    }

    @Test
    @DisplayName("are reckoned with what they cost beside their bytes, so that tiny ones do not fill the heap")
    void tiny() {
        for (int file = 1; file <= 1_000; file++) {
            keep(state(file, 1));
        }
        long kept = IntStream.rangeClosed(1, 1_000)
                .filter(file -> files.find(state(file, 1), new ByteRange(0, 0)).isPresent())
                .count();

        assertThat(kept).isBetween(1L, 4L * LENGTH / 100);
    }

    @Test
    @DisplayName("are not kept of a part, of a larger file, or in a state that a write may leave as it is")
    void notTaken() {
        // Not of just now: a machine that stops for seconds would let it grow old before it is looked at.
        Instant soon = Instant.now().plusSeconds(60);
        FileState fresh = new FileState(1, LENGTH, soon, soon);
        FileState large = state(2, SmallFiles.LARGEST + 1);
        SmallFiles roomy = new SmallFiles(1 << 20);

        assertThat(files.takes(state(1, LENGTH), new ByteRange(0, LENGTH - 2))).isFalse();
        assertThat(roomy.takes(large, whole(large))).isFalse();
        assertThat(files.takes(fresh, whole(fresh))).isFalse();
        assertThat(new SmallFiles(0).takes(state(1, LENGTH), whole(state(1, LENGTH))))
                .isFalse();
    }

    @Test
    @DisplayName("are those that were sent, of a file that stands still, and not those of its next state")
    void ofFile(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("file"), Bytes.slice(0, LENGTH));
        try (EntityTagSource tags = EntityTagSource.of(ContentOptions.defaults())) {
            while (!FileState.of(file).isLasting(Instant.now())) {
                Thread.sleep(50);
            }
            FileRepresentation before = FileRepresentation.of(file, Optional.empty(), tags);
            assertThat(before.open(new ByteRange(0, LENGTH - 1)).readAllBytes()).isEqualTo(Bytes.slice(0, LENGTH));
            assertThat(tags.smallFiles().find(FileState.of(file), new ByteRange(0, 0)))
                    .isPresent();

            Files.write(file, Bytes.slice(7, LENGTH));
            FileRepresentation after = FileRepresentation.of(file, Optional.empty(), tags);
            assertThat(after.open(new ByteRange(0, LENGTH - 1)).readAllBytes()).isEqualTo(Bytes.slice(7, LENGTH));
        }
    }
}
