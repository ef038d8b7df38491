// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the uploads of a run are kept. */
final class DataDirectory {

    private DataDirectory() {}

    /**
     * The directory, which is there: the one that was asked for; else beside the files, so that it is the same one next
     * time; else, as for samples, one that is gone when the run ends.
     *
     * @throws IOException if the one that was asked for cannot be made
     */
    static Path of(CommandLine.Start options, TemporaryDirectory temporary) throws IOException {
        Optional<Path> wanted = options.uploads().data();
        if (wanted.isPresent()) {
            return Files.createDirectories(wanted.get());
        }
        Optional<Path> beside = options.directory().flatMap(DataDirectory::beside);
        if (beside.isPresent()) {
            try {
                return Files.createDirectories(beside.get());
            } catch (IOException e) {
                // Who only wants to show files of a disk that is read-only shall not be kept from it.
                System.err.println("webapp-example: uploads are kept for this run only (--data DIRECTORY): " + e);
            }
        }
        return temporary.subdirectory("data");
    }

    private static Optional<Path> beside(Path files) {
        return Optional.ofNullable(files.getFileName()).map(name -> files.resolveSibling(name + "-data"));
    }
}
