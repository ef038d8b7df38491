// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.files.Resource.Directory;
import dev.resumable.files.Resource.RegularFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one directory shows.
 *
 * @param path the path of the directory below the served one
 * @param entries directories first, each kind by name
 */
record DirectoryListing(RequestPath path, List<Entry> entries) {

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::kind)
            .thenComparing(Entry::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Entry::name);

    /** What an entry is, in the order of the listing. */
    enum Kind {
        DIRECTORY,
        FILE
    }

    /**
     * One line of a listing.
     *
     * @param size in bytes; 0 for a directory
     * @param modified in whole seconds
     */
    record Entry(String name, Kind kind, long size, Instant modified) {

        /** The line of what was found under a name; empty if that is nothing. */
        static Optional<Entry> of(String name, Resource resource) {
            if (resource instanceof RegularFile file) {
                Instant modified = file.attributes().lastModifiedTime().toInstant();
                return Optional.of(new Entry(name, Kind.FILE, file.attributes().size(), modified));
            }
            if (resource instanceof Directory directory) {
                Instant modified = directory.attributes().lastModifiedTime().toInstant();
                return Optional.of(new Entry(name, Kind.DIRECTORY, 0, modified));
            }
            return Optional.empty();
        }

        /** Drops the fraction of the second, as Last-Modified does. */
        Entry {
            modified = modified.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /** Puts the entries in order. */
    DirectoryListing {
        entries = entries.stream().sorted(ORDER).toList();
    }
}
