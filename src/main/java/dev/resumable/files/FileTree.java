// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.EntityTagSource;
import dev.resumable.files.FilesConfig.HiddenFiles;
import dev.resumable.files.FilesConfig.SymbolicLinks;
import dev.resumable.files.RequestPath.Ending;
import dev.resumable.files.Resource.Directory;
import dev.resumable.files.Resource.Missing;
import dev.resumable.files.Resource.RegularFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The served directory as the outside may see it: finds what a path names in it, and never anything else.
 *
 * <p>Implementation note: two independent locks. No name is looked up that could mean anything but a child
 * ({@link NameRules}), so there is no way up; and what was found is compared with the directory by its real path, so there
 * is no way out through a link. Only the real path is handed on: a link that is turned elsewhere after the check is not
 * looked at again. The directory itself may be a link, also one that is turned to a new release while requests run.
 */
final class FileTree {

    private static final Missing MISSING = new Missing();

    private final Path directory;
    private final HiddenFiles hiddenFiles;
    private final SymbolicLinks symbolicLinks;
    private final NameRules rules;

    FileTree(Path directory, HiddenFiles hiddenFiles, SymbolicLinks symbolicLinks, NameRules rules) {
        this.directory = directory;
        this.hiddenFiles = hiddenFiles;
        this.symbolicLinks = symbolicLinks;
        this.rules = rules;
    }

    /** Finds what a path names; whatever goes wrong on the way is a path that names nothing. */
    Resource find(RequestPath path) {
        if (!path.names().stream().allMatch(this::mayBeAsked)) {
            return MISSING;
        }
        try {
            return look(path);
        } catch (IOException | InvalidPathException e) {
            // There is no file, a name is longer than the file system's, a "directory" is a file, links go in a circle:
            // the file systems of Java tell most of it apart by message text only.
            return MISSING;
        }
    }

    /**
     * Finds all that a directory shows, in no order: exactly the children that {@link #find} finds.
     *
     * @param path the path of the directory
     * @throws IOException if the directory cannot be read to its end
     */
    List<DirectoryListing.Entry> list(RequestPath path, Directory found) throws IOException {
        List<DirectoryListing.Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(found.path())) {
            for (Path child : children) {
                String name = String.valueOf(child.getFileName());
                DirectoryListing.Entry.of(name, find(path.child(name))).ifPresent(entries::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /** Has the files digested that can be found without following a link. */
    void warmUp(EntityTagSource tags) {
        try {
            tags.warmUp(directory.toRealPath(), path -> mayBeAsked(String.valueOf(path.getFileName())));
        } catch (IOException e) {
            // The directory has gone since the start-up began; requests will find that, too.
        }
    }

    private boolean mayBeAsked(String name) {
        boolean isHidden = name.startsWith(".");
        return rules.allows(name) && (!isHidden || hiddenFiles == HiddenFiles.ALLOW);
    }

    private Resource look(RequestPath path) throws IOException {
        Path root = directory.toRealPath();
        Path named = root;
        for (String name : path.names()) {
            named = named.resolve(name);
        }
        Path real = named.toRealPath();
        if (!isSpelledAsStored(named) || !isAllowed(real, named, root)) {
            return MISSING;
        }
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (!Files.isReadable(real)) {
            return MISSING;
        }
        if (attributes.isDirectory()) {
            return new Directory(real, attributes);
        }
        // All else that is not a regular file must not even be opened: a pipe would block, a device may answer.
        return attributes.isRegularFile() && path.ending() == Ending.NAME ? new RegularFile(real, attributes) : MISSING;
    }

    /** False for a second name of a file, such as another case or {@code LONGNA~1}, which would pass rules on names. */
    private static boolean isSpelledAsStored(Path named) throws IOException {
        // As text: the paths of a file system that ignores case are equal without being the same.
        return named.toRealPath(LinkOption.NOFOLLOW_LINKS).toString().equals(named.toString());
    }

    private boolean isAllowed(Path real, Path named, Path root) {
        return switch (symbolicLinks) {
            case INSIDE -> real.startsWith(root);
            case DENY -> real.equals(named);
            case FOLLOW -> true;
        };
    }
}
