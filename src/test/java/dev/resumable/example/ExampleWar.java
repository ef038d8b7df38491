// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import dev.resumable.testing.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.ZipFile;

/** The WAR that the build has made, and a directory for its {@code /files/}. */
public final class ExampleWar {
    /** Long past, so that the date of each test file is a strong validator (RFC 9110 §8.8.2.2). */
    public static final Instant MODIFIED = Instant.parse("2024-02-29T12:34:56Z");

    private ExampleWar() {}

    /** Gives the WAR; it must be there, since the build makes it before its integration tests. */
    public static Path path() {
        Path war = Path.of(System.getProperty("resumable.example.war", "webapp-example/target/webapp-example.war"))
                .toAbsolutePath();
        if (!Files.isRegularFile(war)) {
            throw new IllegalStateException(war + " is missing; the build makes it in its phase `package`");
        }
        return war;
    }

    /** Gives the bytes of a file in the WAR, by its path without a slash at the start. */
    public static byte[] entry(String name) throws IOException {
        try (ZipFile war = new ZipFile(path().toFile());
                InputStream in = war.getInputStream(
                        Optional.ofNullable(war.getEntry(name)).orElseThrow())) {
            return in.readAllBytes();
        }
    }

    /** Writes a file of {@code length} bytes of {@link Bytes}, last modified at {@link #MODIFIED}. */
    public static Path writePattern(Path file, long length) throws IOException {
        return Files.setLastModifiedTime(Bytes.write(file, length), FileTime.from(MODIFIED));
    }
}
