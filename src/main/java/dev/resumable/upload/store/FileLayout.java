// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.nio.file.Path;

/**
 * Where things are in the directory of a store.
 *
 * <pre>
 * lock                       held by the process that uses the directory
 * uploads/ab/ID/state.json   an upload
 * uploads/ab/ID/parts.log    parts that came since its state was written as a whole
 * uploads/ab/ID/body         its bytes, each part at its own offset
 * uploads/ab/ID/part-N-...   a part that came again, until the upload is finished
 * blobs/ab/ID                the bytes of finished files
 * files/ab/ID.json           a finished file of an owner
 * files/ab/ID.json.removed   one that was deleted, until its bytes are
 * </pre>
 *
 * <p>{@code ab} are the first two characters of the id, so that no directory grows too large. Names are ids that the server
 * made, and nothing else.
 */
record FileLayout(Path root) {

    static final String REMOVED = ".removed";

    Path lock() {
        return root.resolve("lock");
    }

    Path uploads() {
        return root.resolve("uploads");
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path files() {
        return root.resolve("files");
    }

    Path upload(UploadId id) {
        return sharded(uploads(), id.value());
    }

    Path state(UploadId id) {
        return upload(id).resolve("state.json");
    }

    Path parts(UploadId id) {
        return upload(id).resolve("parts.log");
    }

    Path body(UploadId id) {
        return upload(id).resolve("body");
    }

    Path blob(UploadId id) {
        return sharded(blobs(), id.value());
    }

    Path file(FileId id) {
        return sharded(files(), id.value() + ".json");
    }

    Path removed(FileId id) {
        return sharded(files(), id.value() + ".json" + REMOVED);
    }

    private static Path sharded(Path directory, String name) {
        return directory.resolve(name.substring(0, 2)).resolve(name);
    }
}
