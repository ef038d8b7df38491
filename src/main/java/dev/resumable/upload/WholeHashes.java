// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.UploadBodies;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The running hashes of all uploads: bytes that come in order are hashed as they come, others are read again.
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

    /** Keeps a hash that has gone on; nobody updates it after this. */
    void keep(UploadId id, WholeHash hash) {
        hashes.put(id, hash);
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
        if (state.parts().isEmpty()) {
            // Completing may fail after this, and is tried again.
            keep(state.id(), hash.fork());
        }
        return Optional.of(hash.hex());
    }

    private WholeHash known(UploadState state) {
        WholeHash hash = hashes.get(state.id());
        return hash != null && hash.position() <= state.offset() && hasSeen(hash, state) ? hash : WholeHash.empty();
    }

    private static boolean hasSeen(WholeHash hash, UploadState state) {
        for (int i = 0; i < hash.parts().size(); i++) {
            Part part = state.parts().get(i + 1);
            if (part == null || !part.sha256().equals(hash.parts().get(i))) {
                return false;
            }
        }
        return true;
    }
}
