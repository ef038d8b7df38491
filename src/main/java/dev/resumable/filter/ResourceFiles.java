// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.FileState;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that {@link ServletContext#getResource} finds, as far as they lie where their paths say.
 *
 * <p>Asking costs more than sending a small file. So where a path has led is remembered for a moment, and believed only as long
 * as a short look finds the same file there, with the same size and time: one that was replaced, moved or written to is
 * looked for again. Bytes that are read meanwhile are compared with all that is known of the state, as ever. Safe for use by
 * many threads.
 */
final class ResourceFiles {

    /** For so long what a short look does not see may stay unseen: a link in the way, a permission. Tomcat's servlet takes 5 s. */
    private static final Duration MEMORY = Duration.ofSeconds(1);

    private static final int MOST_KNOWN = 10_000;

    private final ServletContext context;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Optional<Path> realRoot = Optional.empty();

    /**
     * A file that was looked at for this request.
     *
     * @param state what the look has found
     * @param contentType the media type that the container gives to the file
     */
    record Found(Path file, FileState state, Optional<String> contentType) {}

    private record Known(Found found, long since) {}

    ResourceFiles(ServletContext context) {
        this.context = context;
    }

    /** The readable file at a path within the application; empty if there is none, or not at this very place. */
    Optional<Found> find(String path) {
        try {
            Known before = known.get(path);
            if (before != null && System.nanoTime() - before.since() < MEMORY.toNanos()) {
                Found found = before.found();
                if (found.state().isSeenAt(found.file())) {
                    return Optional.of(found);
                }
            }
            return look(path);
        } catch (IOException | URISyntaxException | InvalidPathException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    private Optional<Found> look(String path) throws IOException, URISyntaxException {
        long since = System.nanoTime();
        Optional<Path> file = fileOf(context.getResource(path));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        // Before the checks: whatever happens after it will show in the next one.
        FileState state = FileState.of(file.get());
        if (!Files.isReadable(file.get()) || !isWhereItSays(file.get(), path)) {
            return Optional.empty();
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        Found found = new Found(file.get(), state, contentType(file.get()));
        known.put(path, new Known(found, since));
        return Optional.of(found);
    }

    private Optional<String> contentType(Path file) {
        return Optional.ofNullable(context.getMimeType(String.valueOf(file.getFileName())));
    }

    private static Optional<Path> fileOf(@Nullable URL url) throws URISyntaxException {
        return url != null && url.getProtocol().equals("file") ? Optional.of(Path.of(url.toURI())) : Optional.empty();
    }

    /** True if no link and no other spelling lies between root and file: those are for the container to judge. */
    private boolean isWhereItSays(Path file, String path) throws IOException, URISyntaxException {
        Path real = file.toRealPath();
        String below = path.substring(1);
        if (realRoot.isPresent() && real.equals(realRoot.get().resolve(below))) {
            return true;
        }
        // Asked for once only, unless a link on the way to the root leads elsewhere now.
        Optional<Path> root = root();
        realRoot = root;
        return root.isPresent() && real.equals(root.get().resolve(below));
    }

    /** The directory of the application, without links; empty if it is none, as in a WAR that is not unpacked. */
    Optional<Path> root() {
        try {
            Optional<Path> root = fileOf(context.getResource("/"));
            return root.isPresent() ? Optional.of(root.get().toRealPath()) : root;
        } catch (IOException | URISyntaxException | InvalidPathException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }
}
