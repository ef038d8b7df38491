// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory of this run alone, with a random name below {@code java.io.tmpdir}. */
record TemporaryDirectory(Path path) {

    /** Makes the directory. */
    static TemporaryDirectory create() throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory("resumable-example-"));
    }

    /** Makes a directory in this one. */
    Path subdirectory(String name) throws IOException {
        return Files.createDirectory(path.resolve(name));
    }

    /** Removes the directory and all that is in it; what cannot be removed is reported to standard error. */
    void delete() {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException e) {
            System.err.println("webapp-example: temporary files were left: " + e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
