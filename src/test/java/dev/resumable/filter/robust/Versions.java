// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** States of one file, of equal length and of other bytes at every position; each was written once and is put in place whole. */
final class Versions {

    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

    private final Path directory;
    private final List<String> digests = new ArrayList<>();

    private Versions(Path directory) {
        this.directory = directory;
    }

    /** Writes them; all were last modified long ago, a millisecond after one another. */
    static Versions write(Path directory, int count, long length) throws IOException {
        Versions versions = new Versions(directory);
        for (int i = 0; i < count; i++) {
            try (InputStream in = Bytes.stream(i, length);
                    OutputStream out = Files.newOutputStream(versions.path(i))) {
                in.transferTo(out);
            }
            Files.setLastModifiedTime(versions.path(i), FileTime.from(FIRST.plusMillis(i)));
            versions.digests.add(Bytes.sha256(i, length));
        }
        return versions;
    }

    private Path path(int version) {
        return directory.resolve("version-" + version);
    }

    /** The SHA-256 of each, in lower-case hexadecimal. */
    List<String> digests() {
        return digests;
    }

    /** Replaces a file by one of them at once: whoever has the old one open reads on in the old one. */
    void put(int version, Path file) throws IOException {
        Path link = directory.resolve("link");
        Files.createLink(link, path(version % digests.size()));
        Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
