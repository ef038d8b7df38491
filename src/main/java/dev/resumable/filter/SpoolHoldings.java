// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a spool has taken from all others: heap, disk and a file. It is given back once: by the spool when it is closed or, where
 * a container has lost the exchange and told nobody, when the spool was collected.
 */
final class SpoolHoldings extends PhantomReference<Spool> {

    private final SpoolDirectory directory;
    private long heap;
    private long disk;
    private @Nullable SpoolFile file;

    SpoolHoldings(Spool spool, SpoolDirectory directory, ReferenceQueue<Spool> collected) {
        super(spool, collected);
        this.directory = directory;
    }

    /** Takes heap; false if there is none left. */
    synchronized boolean takeHeap(long bytes) {
        boolean taken = directory.heap().reserve(bytes);
        if (taken) {
            heap += bytes;
        }
        return taken;
    }

    synchronized void giveHeapBack() {
        directory.heap().release(heap);
        heap = 0;
    }

    /** Takes as much of the disk as is needed for so many bytes in all; false if there is none left. */
    synchronized boolean takeDisk(long bytesInAll) {
        long wanted = bytesInAll - disk;
        boolean taken = directory.disk().reserve(wanted);
        if (taken) {
            disk += wanted;
        }
        return taken;
    }

    synchronized @Nullable SpoolFile file() {
        return file;
    }

    synchronized void keep(SpoolFile opened) {
        file = opened;
    }

    synchronized void closeFile() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    /** Gives all back. */
    synchronized void giveBack() {
        giveHeapBack();
        closeFile();
        directory.disk().release(disk);
        disk = 0;
    }
}
