// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The four parts of a store; each may come from another system.
 *
 * @param bodies the bytes
 * @param states the unfinished uploads
 * @param locks who may write
 * @param catalogue the finished files
 * @param resources what is closed when the uploads end
 */
public record UploadStore(
        UploadBodies bodies, UploadStates states, UploadLocks locks, Catalogue catalogue, Closeable resources)
        implements Closeable {

    /** When bytes and states are forced to the disk. */
    public enum FsyncPolicy {
        /** Before every answer that acknowledges them: they survive a loss of power. */
        PER_REQUEST,
        /** When the system likes to: they survive the end of the process, not of the machine. */
        NONE
    }

    /**
     * Everything in one directory, which is made if it is missing; for one process at a time.
     *
     * @throws IOException if it cannot be used, another process uses it, or it is open in this one with another policy
     */
    public static UploadStore inDirectory(Path directory, FsyncPolicy fsync) throws IOException {
        return FileStore.open(directory, fsync);
    }

    /** The same store with another catalogue, which is closed with it, if it can be. */
    public UploadStore withCatalogue(Catalogue other) {
        return new UploadStore(bodies, states, locks, other, () -> {
            try {
                if (other instanceof Closeable open) {
                    open.close();
                }
            } finally {
                resources.close();
            }
        });
    }

    @Override
    public void close() throws IOException {
        resources.close();
    }
}
