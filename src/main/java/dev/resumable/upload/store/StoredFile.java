// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A finished file of one owner.
 *
 * @param id its name in the catalogue
 * @param owner whose it is
 * @param fileName as the client gave it; may be empty
 * @param mediaType as the client gave it
 * @param size in bytes
 * @param sha256 of its bytes, as the server computed it, 64 lower-case hexadecimal digits
 * @param blob where the bytes are; files of the same bytes share one, also across owners
 * @param created when it was completed
 */
public record StoredFile(
        FileId id,
        String owner,
        String fileName,
        Optional<String> mediaType,
        long size,
        String sha256,
        UploadId blob,
        Instant created) {

    /** The same file on another blob of the same bytes. */
    public StoredFile on(UploadId otherBlob) {
        return new StoredFile(id, owner, fileName, mediaType, size, sha256, otherBlob, created);
    }
}
