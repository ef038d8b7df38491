// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * What may happen to a file while it is sent.
 *
 * <p>That it becomes unreadable is tested by its removal: root, as whom many build machines run, may read everything.
 */
enum FileChange {
    NOTHING,
    TOUCHED,
    REPLACED,
    /** Another file of the same length and the same time in its place. */
    REPLACED_ALIKE,
    REMOVED,
    DIRECTORY_IN_ITS_PLACE,
    APPENDED,
    TRUNCATED,
    EMPTIED,
    /** Other bytes at its end, the length kept. */
    OVERWRITTEN,
    /** Other bytes at its end, and then another file in its place. */
    OVERWRITTEN_AND_REPLACED,
    OVERWRITTEN_AND_REMOVED;

    /** Does it. */
    void apply(Path file) throws IOException {
        switch (this) {
            case NOTHING -> {}
            case TOUCHED -> Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            case REPLACED -> replace(file, FileTime.from(Instant.now()));
            case REPLACED_ALIKE -> replace(file, Files.getLastModifiedTime(file));
            case REMOVED -> Files.delete(file);
            case DIRECTORY_IN_ITS_PLACE -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
            case APPENDED -> Files.write(file, new byte[1_000], StandardOpenOption.APPEND);
            case TRUNCATED -> truncate(file, Files.size(file) - 1_000);
            case EMPTIED -> truncate(file, 0);
            case OVERWRITTEN -> overwriteEnd(file);
            case OVERWRITTEN_AND_REPLACED -> {
                overwriteEnd(file);
                replace(file, FileTime.from(Instant.now()));
            }
            case OVERWRITTEN_AND_REMOVED -> {
                overwriteEnd(file);
                Files.delete(file);
            }
        }
    }

    private static void replace(Path file, FileTime time) throws IOException {
        Path other = file.resolveSibling("other");
        try (InputStream in = Bytes.stream(1, Files.size(file));
                OutputStream out = Files.newOutputStream(other)) {
            in.transferTo(out);
        }
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void overwriteEnd(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1_000]), channel.size() - 1_000);
        }
    }
}
