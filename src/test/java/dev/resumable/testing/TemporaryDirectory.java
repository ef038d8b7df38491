// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/**
 * A directory that is removed with all it holds on close.
 *
 * @param path its real path, without symbolic links
 */
record TemporaryDirectory(Path path) implements AutoCloseable {

    static TemporaryDirectory create(String name) {
        try {
            return new TemporaryDirectory(
                    Files.createTempDirectory("resumable-test-" + name + "-").toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a directory within this one. */
    Path directory(String name) {
        try {
            return Files.createDirectory(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        FileUtils.deleteQuietly(path.toFile());
    }
}
