// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Instant;
import org.awaitility.Awaitility;

/** Files that have stood still for so long that what is found out about them is kept. */
public final class LastingFiles {

    private LastingFiles() {}

    /** A new file with the pattern of {@link Bytes}; the time of its last change can only be waited for. */
    public static Path write(Path path, long length) throws IOException {
        return await(Bytes.write(path, length));
    }

    /** A new file of zero bytes that takes no place on the disk. */
    public static Path sparse(Path path, long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    /** Waits until the state of this file is lasting. */
    public static Path await(Path path) {
        Awaitility.await().until(() -> FileState.of(path).isLasting(Instant.now()));
        return path;
    }
}
