// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** Counts open descriptors of this process, of spools also where they have no name any more. */
final class Spools {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** For a busy machine; less than any container leaves an idle connection open. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Spools() {}

    /** Skips the test, visibly, on systems that do not show a process's own descriptors. */
    static void requireCountable() {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "this system has no /proc/self/fd");
    }

    /** All descriptors of this process. */
    static int descriptors() {
        return openBelow(Path.of("/"), "");
    }

    /** Fails the test unless within some seconds no file below this directory is open or left lying. */
    static void assertNoneLeft(Path directory) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(openBelow(directory, directory.toString()))
                    .as("open spools")
                    .isZero();
            try (var all = Files.walk(directory)) {
                assertThat(all.filter(Files::isRegularFile))
                        .as("spools by name")
                        .isEmpty();
            }
        });
    }

    /** Fails the test unless within some seconds no file below this directory is open. */
    static void assertNoneOpen(Path directory) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(open(directory)).as("open files").isZero());
    }

    /** The open files below a directory, also those that have no name any more. */
    static int open(Path directory) {
        return openBelow(directory, directory.toString());
    }

    private static int openBelow(Path directory, String prefix) {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                count += prefix.isEmpty() || leadsBelow(descriptor, directory) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    private static boolean leadsBelow(Path descriptor, Path directory) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory);
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }
}
