// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.apache.commons.io.file.PathUtils;

/**
 * Changes of files and directories that survive what the fsync policy says they shall survive.
 *
 * <p>Implementation note: not final, since the disks of tests fail.
 */
class DurableFiles {

    /** Less than this is no space: even a small state needs a block and an entry in a directory. */
    private static final long FULL = 16 << 10;

    private final FsyncPolicy policy;

    DurableFiles(FsyncPolicy policy) {
        this.policy = policy;
    }

    /** Forces what was written to a file. */
    void force(FileChannel channel) throws IOException {
        if (policy == FsyncPolicy.PER_REQUEST) {
            channel.force(false);
        }
    }

    /** Forces which names a directory has. */
    void forceDirectory(Path directory) throws IOException {
        if (policy == FsyncPolicy.NONE) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open a directory; its file system orders such changes itself.
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                throw e;
            }
        }
    }

    /** Makes a directory and all above it that are missing. */
    void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /** Writes a file so that after any crash it is the old one or the new one, whole. */
    void replace(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(content), 0);
                force(channel);
            }
            move(temporary, file);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw fullOr(e, directoryOf(file));
        }
    }

    /** Gives a file another name, at once and durably; one that has the name already is replaced. */
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(directoryOf(to));
    }

    /** Removes a file, durably; that it is gone already is as good. */
    void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            forceDirectory(directoryOf(file));
        }
    }

    /** Removes a directory with all that is in it. */
    void deleteDirectory(Path directory) throws IOException {
        try {
            if (Files.isDirectory(directory)) {
                PathUtils.deleteDirectory(directory);
            }
        } catch (NoSuchFileException e) {
            // Another was faster.
        }
    }

    /** The directory that a file is in. */
    static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /** Writes all bytes at a position. */
    static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** The failure as a {@link StorageFullException}, if that is what it is. */
    static IOException fullOr(IOException failure, Path directory) {
        return failure instanceof StorageFullException || !isFull(failure, directory)
                ? failure
                : new StorageFullException(failure);
    }

    private static boolean isFull(IOException failure, Path directory) {
        // The JDK has no type for it, and the message is that of the system, perhaps translated.
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return true;
        }
        try {
            return Files.getFileStore(directory).getUsableSpace() < FULL;
        } catch (IOException e) {
            return false;
        }
    }
}
