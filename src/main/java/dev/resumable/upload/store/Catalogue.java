// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The finished files: who owns what, and which of them share a blob.
 *
 * <p>Two tables that always change together: the unique files (SHA-256 and size, the blob, how many refer to it) and the
 * files of the owners. The only identity of bytes is the SHA-256 that the server computed, with the size. Every change is
 * durable when the method returns.
 */
public interface Catalogue {

    /** The owner's file of this id; another owner's is as if it did not exist. */
    Optional<StoredFile> find(String owner, FileId id) throws IOException;

    /** A file of this owner with these bytes: what makes an upload unnecessary. Never looks at other owners. */
    Optional<StoredFile> find(String owner, String sha256, long size) throws IOException;

    /** The owner's files, the newest first. */
    List<StoredFile> list(String owner) throws IOException;

    /**
     * Where a file is among the owner's files: the newest first, and those of one moment by their ids.
     *
     * @param created when the file was completed
     * @param id its id
     */
    record Position(Instant created, FileId id) {

        /** The order of the files. */
        public static final Comparator<Position> ORDER = Comparator.comparing(Position::created)
                .reversed()
                .thenComparing(position -> position.id().value());

        /** That of a file. */
        public static Position of(StoredFile file) {
            return new Position(file.created(), file.id());
        }
    }

    /**
     * Some of the owner's files in the order of their positions; a catalogue that has too many for {@link #list} does better.
     *
     * @param after behind which they begin, whether there is a file at it or not; empty for the first ones
     * @param limit the most files, 1 or more
     */
    default List<StoredFile> list(String owner, Optional<Position> after, int limit) throws IOException {
        return list(owner).stream()
                .sorted(Comparator.comparing(Position::of, Position.ORDER))
                .filter(file -> after.isEmpty() || Position.ORDER.compare(after.get(), Position.of(file)) < 0)
                .limit(limit)
                .toList();
    }

    /** The bytes of all files of the owner. */
    long storedBytes(String owner) throws IOException;

    /**
     * Adds a file, with one reference more to its bytes. If they are known already, under another blob, the file is added on
     * that one, whoever it came from.
     *
     * @return the file as it is in the catalogue; the caller removes its own blob if that names another. Adding a file of an
     *     id that is there changes nothing and gives the one that is there.
     * @throws java.nio.file.NoSuchFileException if its own blob was given away by {@link #remove} and is not forgotten: the file
     *     was added before and removed since, and its bytes are about to go
     */
    StoredFile add(StoredFile file) throws IOException;

    /**
     * Removes a file and its reference; needs no free space.
     *
     * @return the blob, if nothing refers to it any more: the caller removes it, and then has it {@link #forget forgotten}
     */
    Optional<UploadId> remove(StoredFile file) throws IOException;

    /** The blobs that {@link #remove} gave away and that were not forgotten: a crash may have left them. */
    List<UploadId> unreferenced() throws IOException;

    /** Notes that such a blob is gone. */
    void forget(UploadId blob) throws IOException;
}
