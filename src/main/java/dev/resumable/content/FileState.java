// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;

/**
 * One state of a file, as far as the file system tells states apart.
 *
 * @param key what names the file itself, not its path: device and inode where there are such
 * @param size in bytes
 * @param modified the modification time, to the nanosecond where the file system keeps it so
 */
public record FileState(Object key, long size, Instant modified) {

    /** The coarsest clock of a file system in use: two writes within it may leave one and the same time. */
    private static final Duration GRAIN = Duration.ofSeconds(2);

    /**
     * Reads the state; links are followed.
     *
     * @throws NoSuchFileException if there is no regular file
     * @throws IOException if the file system cannot tell
     */
    public static FileState of(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new NoSuchFileException(path.toString(), null, "not a regular file");
        }
        Object key = attributes.fileKey();
        return new FileState(
                key == null ? path.toAbsolutePath() : key,
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
    }

    /** True if a further write would show in the modification time, so that equal states mean equal bytes. */
    boolean isSettled(Instant now) {
        return modified.plus(GRAIN).isBefore(now);
    }
}
