// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where spools put their temporary files, and how much they may take together.
 *
 * <p>Implementation note: a directory of its own, made when the first file is. A file is unlinked as soon as it is open, so
 * that not even a killed process leaves one; where the system refuses that, it goes when it is closed.
 */
final class SpoolDirectory implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SpoolDirectory.class.getName());

    private final Optional<Path> parent;
    private final long heapThreshold;
    private final long maxFileSize;
    private final long maxTotalSize;
    private final AtomicLong reserved = new AtomicLong();
    private @Nullable Path directory;

    SpoolDirectory(Optional<Path> parent, RangeConfig config) {
        this.parent = parent;
        this.heapThreshold = config.spoolHeap();
        this.maxFileSize = config.spoolFileSize();
        this.maxTotalSize = config.spoolTotalSize();
    }

    /** The configured directory, else the one that every servlet context has, else that of the platform. */
    static SpoolDirectory of(RangeConfig config, ServletContext context) {
        Optional<Path> ofContext = context.getAttribute(ServletContext.TEMPDIR) instanceof File file
                ? Optional.of(file.toPath())
                : Optional.empty();
        return new SpoolDirectory(config.spoolDirectory().or(() -> ofContext), config);
    }

    long heapThreshold() {
        return heapThreshold;
    }

    long maxFileSize() {
        return maxFileSize;
    }

    /** Takes bytes of the total; false if they are not there. */
    boolean reserve(long bytes) {
        while (true) {
            long before = reserved.get();
            if (bytes > maxTotalSize - before) {
                return false;
            }
            if (reserved.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** What all spools together have taken of the disk. */
    long reservedBytes() {
        return reserved.get();
    }

    void released(long bytes) {
        reserved.addAndGet(-bytes);
    }

    void reportFailure(IOException failure) {
        LOG.log(Level.WARNING, "a response could not be spooled and passes without ranges: {0}", failure.toString());
    }

    SpoolFile open() throws IOException {
        Path path = directory().resolve(UUID.randomUUID() + ".spool");
        FileChannel channel = FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        try {
            Files.delete(path);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "temporary files go when they are closed: {0}", e.toString());
        }
        return new SpoolFile(channel);
    }

    private synchronized Path directory() throws IOException {
        if (directory == null || !Files.isDirectory(directory)) {
            directory = parent.isPresent()
                    ? Files.createTempDirectory(Files.createDirectories(parent.get()), "resumable-")
                    : Files.createTempDirectory("resumable-");
        }
        return directory;
    }

    @Override
    public synchronized void close() {
        if (directory != null) {
            try {
                PathUtils.deleteDirectory(directory);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the directory of temporary files could not be removed", e);
            }
            directory = null;
        }
    }
}
