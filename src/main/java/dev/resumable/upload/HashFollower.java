// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Lets the hash of the whole go on along parts that came out of order: they are read again soon after they were written, as a
 * rule from the memory of the system, so that the completion of a large file has little left to read.
 *
 * <p>The thread that has brought a part does it, before its client is answered, and for a few parts at most.
 */
final class HashFollower {

    private static final Logger LOG = System.getLogger(HashFollower.class.getName());
    /** About as many as clients send side by side; what is left is for the next part, or for the completion. */
    private static final int MOST_PARTS = 4;
    /** A quarter of a second of hashing; larger parts are left to the completion. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int BLOCK = 256 << 10;

    private final UploadEngine engine;
    private final Set<UploadId> followed = ConcurrentHashMap.newKeySet();

    HashFollower(UploadEngine engine) {
        this.engine = engine;
    }

    /**
     * Goes on as far as parts are there.
     *
     * @param own the part that has just come, whose lease the caller holds
     */
    void follow(UploadId id, int own) {
        // One at a time; it goes on with what others bring meanwhile.
        if (!followed.add(id)) {
            return;
        }
        try {
            long room = MOST_BYTES;
            for (int parts = 0; parts < MOST_PARTS && room > 0; parts++) {
                long followed = followNext(id, own, room);
                if (followed == 0) {
                    return;
                }
                room -= followed;
            }
        } catch (IOException e) {
            // Nothing is lost: the completion reads what is not hashed, and it is the one to complain.
            LOG.log(Level.DEBUG, "the hash of an upload could not go on: {0}", e.toString());
        } finally {
            followed.remove(id);
        }
    }

    /** Hashes the next part, if it has no more bytes than this; gives how many it had, 0 if it was not hashed. */
    private long followNext(UploadId id, int own, long room) throws IOException {
        Optional<UploadState> state = open(id);
        if (state.isEmpty()) {
            return 0;
        }
        int number = engine.hashes().known(state.get()).parts().size() + 1;
        Part next = state.get().parts().get(number);
        if (next == null || next.size() > room) {
            return 0;
        }
        if (number == own) {
            return follow(state.get(), number, () -> !engine.isClosed());
        }
        // While the part is read, no other bytes of it may come.
        AtomicBoolean isWanted = new AtomicBoolean();
        Optional<Lease> lease = engine.lease(Scope.part(id, number), Urgency.IF_FREE, urgency -> isWanted.set(true));
        if (lease.isEmpty()) {
            return 0;
        }
        try (Lease held = lease.get()) {
            Optional<UploadState> now = open(id);
            return now.isPresent()
                    ? follow(engine.claimed(now.get(), held), number, () -> !isWanted.get() && !engine.isClosed())
                    : 0;
        }
    }

    private Optional<UploadState> open(UploadId id) throws IOException {
        return engine.store().states().find(id).filter(state -> state.status() == UploadStatus.OPEN);
    }

    private long follow(UploadState state, int number, BooleanSupplier mayGoOn) throws IOException {
        WholeHash hash = engine.hashes().known(state).fork();
        Part part = state.parts().get(number);
        if (part == null || hash.parts().size() != number - 1) {
            return 0;
        }
        try (InputStream in = engine.store().bodies().read(state, hash.position())) {
            byte[] block = new byte[(int) Math.min(BLOCK, part.size())];
            for (long left = part.size(); left > 0; ) {
                int read = in.read(block, 0, (int) Math.min(block.length, left));
                if (read < 0) {
                    throw new EOFException("a part is shorter than it was");
                }
                if (!mayGoOn.getAsBoolean()) {
                    return 0;
                }
                hash.update(block, 0, read);
                left -= read;
            }
        }
        engine.hashes().keep(state, hash.withPart(part.sha256()));
        return part.size();
    }
}
