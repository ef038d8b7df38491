// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of small files that were sent, so that a file which is asked for often is opened once.
 *
 * <p>They are believed as long as the tag is: for a state of the file in which no later write can leave it. Those that were
 * not asked for longest go first. Safe for use by many threads.
 */
final class SmallFiles {

    /** Of what is longer, opening and closing are the small part of the cost. */
    static final int LARGEST = FileBlocks.TAIL;

    /** What keeping a file costs beside its bytes: its state, and the place in the map. */
    private static final int OVERHEAD = 256;

    private final long most;
    private final Map<FileState, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /** @param most bytes of the heap in all; never more than a sixteenth of it */
    SmallFiles(long most) {
        this.most = Math.min(most, Runtime.getRuntime().maxMemory() / 16);
    }

    /** The bytes of a range, if those of the file in this state are kept. */
    Optional<RangeBlocks> find(FileState state, ByteRange range) {
        byte @Nullable [] all = state.size() > LARGEST ? null : get(state);
        return all == null
                ? Optional.empty()
                // Read only, since they go through streams that others may have put in front.
                : Optional.of(RangeBlocks.of(List.of(ByteBuffer.wrap(all, (int) range.first(), (int) range.length())
                        .asReadOnlyBuffer())));
    }

    private synchronized byte @Nullable [] get(FileState state) {
        return kept.get(state);
    }

    /** True if bytes that are read from now on can be kept: no write to them could leave the state as it is. */
    boolean takes(FileState state, ByteRange range) {
        return range.length() == state.size()
                && state.size() <= Math.min(LARGEST, most - OVERHEAD)
                && state.isLasting(Instant.now());
    }

    /** Keeps a copy of all bytes of a file, read and found to be of this state after {@link #takes} has said so. */
    void keep(FileState state, ByteBuffer all) {
        byte[] copy = new byte[all.remaining()];
        all.duplicate().get(copy);
        keep(state, copy);
    }

    private synchronized void keep(FileState state, byte[] copy) {
        if (kept.putIfAbsent(state, copy) == null) {
            size += copy.length + OVERHEAD;
            for (Iterator<byte[]> eldest = kept.values().iterator(); size > most && eldest.hasNext(); ) {
                size -= eldest.next().length + OVERHEAD;
                eldest.remove();
            }
        }
    }
}
