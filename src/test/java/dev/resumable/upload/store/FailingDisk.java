// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A disk that takes bytes, and then cannot say that they are safe. */
final class FailingDisk extends DurableFiles {

    Force failing = Force.NEVER;
    /** The one directory that fails, where not all do. */
    Optional<Path> only = Optional.empty();

    /** Where it fails. */
    enum Force {
        NEVER,
        FILE,
        DIRECTORY
    }

    FailingDisk() {
        super(FsyncPolicy.PER_REQUEST);
    }

    @Override
    void force(FileChannel channel) throws IOException {
        failIf(Force.FILE);
        super.force(channel);
    }

    @Override
    void forceDirectory(Path path) throws IOException {
        if (only.isEmpty() || only.get().equals(path)) {
            failIf(Force.DIRECTORY);
        }
        super.forceDirectory(path);
    }

    private void failIf(Force force) throws IOException {
        if (failing == force) {
            throw new IOException("on purpose");
        }
    }
}
