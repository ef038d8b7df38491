// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 2 MiB that fills up. */
@DisplayName("on a full disk")
class FullDiskTest {

    private static final int DISK = 2 << 20;

    @TempDir
    private Path directory;

    private EngineFixture uploads;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", directory.toString()),
                "mounting a small tmpfs needs the rights of root");
        uploads = EngineFixture.in(directory);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (uploads != null) {
            uploads.close();
            run("umount", "-l", directory.toString());
        }
    }

    @Test
    @DisplayName("an append stops at the offset that is durable, and goes on when there is room again")
    void append() throws IOException {
        byte[] whole = bytes(1, 4 << 20);
        Path filler = Files.write(directory.resolve("filler"), new byte[DISK / 2]);
        UploadId id = uploads.create(OptionalLong.of(whole.length / 4));

        UploadOutcome outcome = uploads.append(id, 0, Arrays.copyOf(whole, whole.length / 4));

        assertThat(problem(outcome)).isEqualTo(UploadProblem.STORAGE_FULL);
        int offset = (int) uploads.look(id).offset();
        assertThat(((Failed) outcome).members()).containsEntry("offset", (long) offset);
        assertThat(offset).isBetween(DISK / 4, DISK / 2);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(Arrays.copyOf(whole, offset));

        Files.delete(filler);
        assertThat(uploads.append(id, offset, Arrays.copyOfRange(whole, offset, whole.length / 4)))
                .isInstanceOf(UploadOutcome.Completed.class);
    }

    @Test
    @DisplayName("a part leaves nothing, and cancelling frees the space")
    void part() throws IOException {
        UploadId id = uploads.createParts(8 << 20, 4 << 20);

        assertThat(problem(uploads.put(id, 1, bytes(1, 4 << 20)))).isEqualTo(UploadProblem.STORAGE_FULL);
        assertThat(uploads.look(id).parts()).isEmpty();

        assertThat(uploads.engine.cancel(id, OWNER, PROTOCOL)).isInstanceOf(Removed.class);
        assertThat(Files.getFileStore(directory).getUsableSpace()).isGreaterThan(DISK * 9L / 10);
    }

    @Test
    @DisplayName("nothing can be created, and all else still works")
    void creation() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(4 << 20));
        uploads.append(id, 0, bytes(1, 4 << 20));
        fill();

        UploadOutcome outcome = uploads.engine.create(
                EngineFixture.plan(
                        OWNER, dev.resumable.upload.store.UploadPlan.Completion.ASKED, java.util.Optional.empty()),
                OptionalLong.of(1));
        assertThat(problem(outcome)).isEqualTo(UploadProblem.STORAGE_FULL);
        assertThat(uploads.look(id).offset()).isPositive();
        assertThat(uploads.engine.cancel(id, OWNER, PROTOCOL)).isInstanceOf(Removed.class);
    }

    private void fill() {
        try (var out = Files.newOutputStream(directory.resolve("filler"))) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException e) {
            // Full, at last.
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        // Were it given up, it might be done all the same, and the mount would stay.
        return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
