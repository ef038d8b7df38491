// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.io.InputStream;

/**
 * Keeps the bytes of uploads and of the files that they become.
 *
 * <p>What counts is what {@link UploadState} says: bytes beyond it are left-overs of a broken request or a crash, and are
 * written over. Callers hold the lease that fits, so that no two writers work on the same bytes.
 *
 * <p>Full disks and exhausted quotas are a {@link StorageFullException}, all else that fails an {@link IOException}.
 */
public interface UploadBodies {

    /** Makes room for a new upload, and gives the first {@link UploadState#body()}. */
    String create(UploadId id) throws IOException;

    /** Opens the upload for appending at {@link UploadState#offset()}; left-overs behind it are gone. */
    BodyWriter append(UploadState state) throws IOException;

    /**
     * Opens one part for writing from its first byte. A part that is there already stays readable as it is until the state
     * names the new one.
     */
    BodyWriter part(UploadState state, int number) throws IOException;

    /** Gives up the bytes of a part that the state does not name, or no longer. */
    void discard(UploadState state, Part part) throws IOException;

    /**
     * The bytes from a position up to {@link UploadState#offset()}.
     *
     * <p>Reading throws if they are not all there.
     */
    InputStream read(UploadState state, long from) throws IOException;

    /**
     * Turns the upload into a blob of exactly {@link UploadState#length()} bytes, durable and from then on immutable, named
     * by the upload's id. Done again after a crash, it ends in the same blob.
     *
     * @throws java.nio.file.NoSuchFileException if there are neither bytes of the upload nor the blob
     */
    void finish(UploadState state) throws IOException;

    /**
     * Opens a range of a blob.
     *
     * @return a stream of exactly {@code length} bytes, which throws rather than end early
     */
    InputStream open(UploadId blob, long from, long length) throws IOException;

    /** Removes the bytes of an upload that was not finished; needs no free space. */
    void delete(UploadId id) throws IOException;

    /** Removes a blob; readers that have it open may go on. */
    void deleteBlob(UploadId blob) throws IOException;
}
