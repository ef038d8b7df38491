// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens the store of a directory, once in a process: servlets on the same directory share it, and its fsync policy.
 *
 * <p>The directory is locked as long as the store is open. The system drops the lock with the process, however it ends.
 */
final class FileStore {

    private static final Map<Path, FileStore> OPEN = new HashMap<>();

    private final Path directory;
    private final FileChannel lockFile;
    private final FsyncPolicy fsync;
    private final UploadStore parts;
    private int users;

    private FileStore(Path directory, FileChannel lockFile, FsyncPolicy fsync) throws IOException {
        FileLayout layout = new FileLayout(directory);
        DurableFiles files = new DurableFiles(fsync);
        this.directory = directory;
        this.lockFile = lockFile;
        this.fsync = fsync;
        files.createDirectories(layout.blobs());
        FileStates states = FileStates.load(layout, files);
        FileCatalogue catalogue = FileCatalogue.load(layout, files);
        this.parts = new UploadStore(new FileBodies(layout, files), states, new LocalLocks(), catalogue, this::release);
    }

    /** Opens the directory, which is made if it is missing. */
    static UploadStore open(Path directory, FsyncPolicy fsync) throws IOException {
        Path real = Files.createDirectories(directory).toRealPath();
        synchronized (OPEN) {
            FileStore store = OPEN.get(real);
            if (store == null) {
                store = openFirst(real, fsync);
                OPEN.put(real, store);
            } else if (store.fsync != fsync) {
                // One of the two would be told that bytes are safe which are not.
                throw new IOException("the directory of uploads is open with the fsync policy "
                        + store.fsync
                        + "; all that share it must have the same, not "
                        + fsync);
            }
            store.users++;
            return store.forOneUser();
        }
    }

    private static FileStore openFirst(Path directory, FsyncPolicy fsync) throws IOException {
        FileChannel lockFile =
                FileChannel.open(new FileLayout(directory).lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(lockFile);
            return new FileStore(directory, lockFile, fsync);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static void lock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            if (lock != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Another application in this process has it, with classes of its own.
        }
        throw new IOException("the directory of uploads is used by another process or application");
    }

    /** Closed again and again it gives up one user. */
    private UploadStore forOneUser() {
        AtomicBoolean isOpen = new AtomicBoolean(true);
        return new UploadStore(parts.bodies(), parts.states(), parts.locks(), parts.catalogue(), () -> {
            if (isOpen.compareAndSet(true, false)) {
                parts.close();
            }
        });
    }

    private void release() throws IOException {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(directory);
                lockFile.close();
            }
        }
    }
}
