// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.UploadBodies;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The running hashes of all uploads: bytes that come in order are hashed as they come, others are read again, soon after by
 * {@link HashFollower} or at the completion.
 *
 * <p>They are in memory alone, since a digest of the JDK cannot be stored. After a restart the bytes are read once more.
 */
final class WholeHashes {

    private static final int BLOCK = 256 << 10;

    private final UploadBodies bodies;
    private final Map<UploadId, WholeHash> hashes = new ConcurrentHashMap<>();

    WholeHashes(UploadBodies bodies) {
        this.bodies = bodies;
    }

    /** A hash to go on with at this position, which is where an append or a part begins; empty if there is none. */
    Optional<WholeHash> at(UploadState state, long position) {
        WholeHash known = known(state);
        return known.position() == position ? Optional.of(known.fork()) : Optional.empty();
    }

    /** Keeps a hash that has gone on, unless another has gone farther on this state; nobody updates it after this. */
    void keep(UploadState state, WholeHash hash) {
        hashes.merge(state.id(), hash, (old, now) -> isOf(old, state) && old.position() > now.position() ? old : now);
    }

    /** Forgets the hash of an upload that is over, or whose last bytes were given up. */
    void forget(UploadId id) {
        hashes.remove(id);
    }

    /**
     * The SHA-256 of all bytes of the state, in lower-case hexadecimal; reads those that were not hashed as they came.
     *
     * @param isWanted asked again and again: that may take minutes
     * @return the hash; empty if it is not wanted any more
     * @throws IOException if they cannot be read
     */
    Optional<String> of(UploadState state, BooleanSupplier isWanted) throws IOException {
        WholeHash hash = known(state).fork();
        try (InputStream rest = bodies.read(state, hash.position())) {
            byte[] block = new byte[BLOCK];
            for (int read = rest.read(block); read >= 0; read = rest.read(block)) {
                if (!isWanted.getAsBoolean()) {
                    return Optional.empty();
                }
                hash.update(block, 0, read);
            }
        }
        if (hash.position() != state.offset()) {
            throw new IOException("the bytes of an upload are not all there");
        }
        // Completing may fail after this, and is tried again.
        keep(state, hash.fork().of(state.parts().values()));
        return Optional.of(hash.hex());
    }

    /** How far the hash of the state's bytes has come; not to be updated. */
    WholeHash known(UploadState state) {
        WholeHash hash = hashes.get(state.id());
        return hash != null && isOf(hash, state) ? hash : WholeHash.empty();
    }

    private static boolean isOf(WholeHash hash, UploadState state) {
        if (hash.position() > state.offset()) {
            return false;
        }
        // Both in the order of numbers, and thousands of them for each part that comes.
        Iterator<Part> parts = state.parts().values().iterator();
        int number = 1;
        for (String seen : hash.parts()) {
            Part part = parts.hasNext() ? parts.next() : null;
            if (part == null || part.number() != number++ || !part.sha256().equals(seen)) {
                return false;
            }
        }
        return true;
    }
}
