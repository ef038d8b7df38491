// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.apache.commons.io.file.PathUtils;

/** The files that are served, the same for all. */
record Site(Path directory) implements AutoCloseable {

    static final long LARGE = 256L << 20;
    static final int SMALL = 4 << 10;
    static final int MEDIUM = 4 << 20;

    /** What has happened to a file within this time may not have come to a container that caches. */
    private static final int SECONDS_OF_REST = 11;

    /** Writes them; their dates are an hour old, as those of files that nobody writes to. */
    static Site create() throws IOException {
        Site site = new Site(workDirectory("site"));
        site.write("large.bin", LARGE);
        site.write("small.bin", SMALL);
        site.write("medium.bin", MEDIUM);
        Pause.millis(SECONDS_OF_REST * 1_000);
        return site;
    }

    /** An empty directory for this run, below {@code target}. */
    static Path workDirectory(String name) throws IOException {
        Path directory = Path.of("target", "bench", name).toAbsolutePath();
        if (Files.exists(directory)) {
            PathUtils.deleteDirectory(directory);
        }
        return Files.createDirectories(directory).toRealPath();
    }

    private void write(String name, long length) throws IOException {
        byte[] block = new byte[64 << 10];
        new Random(1).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            for (long left = length; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        age(name);
    }

    /** A further file that nobody has read yet; of zeros, so that the disk is not measured. */
    void writeCold(String name, long length) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
            file.setLength(length);
        }
        age(name);
    }

    private void age(String name) throws IOException {
        Files.setLastModifiedTime(
                directory.resolve(name),
                // Of a whole second: one container compares milliseconds with the field's seconds.
                FileTime.from(Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS)));
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void close() throws IOException {
        PathUtils.deleteDirectory(directory);
    }
}
