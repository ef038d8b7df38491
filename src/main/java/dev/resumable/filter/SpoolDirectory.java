// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where spools put their temporary files, and how much of disk and heap they may take together.
 *
 * <p>Implementation note: a directory of its own, made when the first file is. A file is unlinked as soon as it is open, so
 * that not even a killed process leaves one; where the system refuses that, it goes when it is closed.
 */
final class SpoolDirectory implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SpoolDirectory.class.getName());

    private static final long MAX_DEFAULT_HEAP = 64L << 20;

    private final Optional<Path> parent;
    private final long heapThreshold;
    private final long maxFileSize;
    private final Quota disk;
    private final Quota heap;
    private final Set<SpoolHoldings> open = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Spool> collected = new ReferenceQueue<>();
    private @Nullable Path directory;

    SpoolDirectory(Optional<Path> parent, RangeConfig config) {
        this.parent = parent;
        this.heapThreshold = config.spoolHeap();
        this.maxFileSize = config.spoolFileSize();
        this.disk = new Quota(config.spoolTotalSize());
        this.heap = new Quota(config.spoolHeapTotalSize().orElseGet(SpoolDirectory::defaultHeap));
    }

    /** The configured directory, else the one that every servlet context has, else that of the platform. */
    static SpoolDirectory of(RangeConfig config, ServletContext context) {
        Optional<Path> ofContext = context.getAttribute(ServletContext.TEMPDIR) instanceof File file
                ? Optional.of(file.toPath())
                : Optional.empty();
        return new SpoolDirectory(config.spoolDirectory().or(() -> ofContext), config);
    }

    /** Enough for hundreds of responses at a time, and never so much that the application has to do without. */
    private static long defaultHeap() {
        return Math.min(MAX_DEFAULT_HEAP, Runtime.getRuntime().maxMemory() / 8);
    }

    long heapThreshold() {
        return heapThreshold;
    }

    long maxFileSize() {
        return maxFileSize;
    }

    /** What all spools together may take of the disk. */
    Quota disk() {
        return disk;
    }

    /** What all spools together may take of the heap. */
    Quota heap() {
        return heap;
    }

    /** A spool begins. */
    SpoolHoldings opened(Spool spool) {
        closeLost();
        SpoolHoldings holdings = new SpoolHoldings(spool, this, collected);
        open.add(holdings);
        return holdings;
    }

    /** Those that nobody has any more: a container may end an exchange and say so to nobody. */
    private void closeLost() {
        for (Reference<?> lost = collected.poll(); lost != null; lost = collected.poll()) {
            closed((SpoolHoldings) lost);
        }
    }

    /** A spool has ended. */
    void closed(SpoolHoldings holdings) {
        if (open.remove(holdings)) {
            holdings.giveBack();
        }
    }

    /** How many spools have begun and not ended. */
    long openSpools() {
        closeLost();
        return open.size();
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
