// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files below a directory that are digested before anybody asks, one after the other.
 *
 * <p>For one thread. The tree is walked by the first call of {@link #next}; its interrupt ends the walk.
 */
final class WarmUpFiles {

    /** Longer than a file system's grain: files that were unpacked at the start last by then. */
    static final Duration DELAY = Duration.ofSeconds(3);

    private static final int MAX_FILES = DigestIndexFile.MAX_ENTRIES;

    private final Path root;
    private final Predicate<Path> isServed;
    private final Deque<Path> files = new ArrayDeque<>();
    private boolean isWalked;

    WarmUpFiles(Path root, Predicate<Path> isServed) {
        this.root = root;
        this.isServed = isServed;
    }

    /** The next file; none if all were given out. */
    Optional<Path> next() {
        if (!isWalked) {
            isWalked = true;
            walk();
        }
        return Optional.ofNullable(files.poll());
    }

    private void walk() {
        try {
            Files.walkFileTree(root, new Collector());
        } catch (IOException e) {
            // Of the root itself: there is nothing to be warmed up.
        }
    }

    private final class Collector extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(root) || isServed.test(directory) ? goOn() : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Not a link: where it leads may be nothing that is served, and what is served is found by its own name.
            if (attributes.isRegularFile() && isServed.test(file)) {
                files.add(file);
            }
            return goOn();
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return goOn();
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return goOn();
        }

        private FileVisitResult goOn() {
            return files.size() < MAX_FILES && !Thread.currentThread().isInterrupted()
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.TERMINATE;
        }
    }
}
