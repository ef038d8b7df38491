// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Counts the spools that are open below a directory, also those that have no name any more. */
final class SpoolFiles {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private SpoolFiles() {}

    /** Skips the test, visibly, on systems that do not show a process's own descriptors. */
    static void requireCountable() {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "this system has no /proc/self/fd");
    }

    static int open(Path directory) {
        int count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                count += isBelow(directory, descriptor) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    private static boolean isBelow(Path directory, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory);
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }
}
