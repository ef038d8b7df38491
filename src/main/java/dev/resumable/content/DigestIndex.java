// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.DigestIndexFile.Contents;
import dev.resumable.content.DigestIndexFile.Entries;
import dev.resumable.content.DigestIndexFile.Missing;
import dev.resumable.content.DigestIndexFile.Unusable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Digests that outlive the process: a bounded map from states of files to SHA-256, kept in one file.
 *
 * <p>What is in it is believed without reading the bytes again, so an entry is found only by all that tells states apart: real
 * path, device and inode, size, and the times of modification and of last change in nanoseconds. An inode that is used
 * again for another file is a state of its own, since nobody can set the time of the last change back. Where a file system has
 * no such time, its files have no entries.
 *
 * <p>Implementation note: the key is the SHA-256 of these values, so names of files do not enter the index. Saving puts our
 * entries on top of what is in the file by then, and replaces it as a whole: several processes may share an index. Two that
 * save at once may lose entries of each other, never more.
 */
final class DigestIndex {

    private static final Logger LOG = System.getLogger(DigestIndex.class.getName());

    private final DigestIndexFile file;
    private final Map<String, String> entries;

    private DigestIndex(DigestIndexFile file, Map<String, String> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Reads an index; one that is damaged or no index at all is as good as empty, with a warning. */
    static DigestIndex open(Path path) {
        DigestIndexFile file = new DigestIndexFile(path);
        file.removeLeftovers();
        Map<String, String> entries = leastRecentlyUsed();
        entries.putAll(entriesOf(file.read()));
        return new DigestIndex(file, entries);
    }

    private static Map<String, String> entriesOf(Contents contents) {
        if (contents instanceof Unusable unusable) {
            LOG.log(Level.WARNING, "the index of digests is not used: {0}", unusable.reason());
        }
        return contents instanceof Entries found ? found.digests() : Map.of();
    }

    private static Map<String, String> leastRecentlyUsed() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > DigestIndexFile.MAX_ENTRIES;
            }
        };
    }

    /** The digest of a state, if it was put here by this process or an earlier one. */
    Optional<byte[]> find(Path path, FileState state) {
        Optional<String> key = key(path, state);
        synchronized (entries) {
            return key.map(entries::get).map(HexFormat.of()::parseHex);
        }
    }

    /** Adds a digest of a state that is lasting. */
    void put(Path path, FileState state, byte[] sha256) {
        Optional<String> key = key(path, state);
        synchronized (entries) {
            key.ifPresent(present -> entries.put(present, HexFormat.of().formatHex(sha256)));
        }
    }

    private static Optional<String> key(Path path, FileState state) {
        boolean hasTimeOfChange = path.getFileSystem() == FileSystems.getDefault()
                && path.getFileSystem().supportedFileAttributeViews().contains("unix");
        if (!hasTimeOfChange) {
            return Optional.empty();
        }
        try {
            // No path has a NUL in it, so no two states have one text.
            String text = String.join(
                    "\0",
                    path.toRealPath().toString(),
                    state.key().toString(),
                    Long.toString(state.size()),
                    state.modified().toString(),
                    state.changed().toString());
            byte[] digest = Sha256.newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
            return Optional.of(HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes the index out; one call at a time, or the older of two would be put over the newer. What cannot be written is
     * warned of and goes on to be kept in memory.
     */
    synchronized void save() {
        Contents present = file.read();
        if (present instanceof Unusable unusable && unusable.owner() == DigestIndexFile.Owner.SOMEBODY_ELSE) {
            return;
        }
        Map<String, String> merged = leastRecentlyUsed();
        merged.putAll(entriesOf(present));
        synchronized (entries) {
            merged.putAll(entries);
        }
        if (merged.isEmpty() && present instanceof Missing) {
            return;
        }
        try {
            file.replace(merged);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index of digests could not be written: {0}", e.toString());
        }
    }
}
