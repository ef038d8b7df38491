// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an owner may store: files, unfinished uploads, and what running requests add to uploads of unknown length.
 *
 * <p>An upload of known length counts with all of it. One of unknown length reserves as it grows, before its bytes are taken:
 * requests that race cannot each have the room that is left.
 */
final class Quota {

    /** Changes of different owners seldom wait for each other. */
    private static final int STRIPES = 64;
    /** The most that is reserved ahead of what came, so that it is not done for each block. */
    private static final long MOST_AHEAD = 32L << 20;

    private final UploadEngine engine;
    private final UploadConfig config;
    private final Map<UploadId, Long> reserved = new ConcurrentHashMap<>();
    /** Pieces, and the uploads that count in their place. */
    private final Map<UploadId, UploadId> handedOver = new ConcurrentHashMap<>();

    private final Object[] turns = new Object[STRIPES];

    Quota(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
        for (int i = 0; i < STRIPES; i++) {
            turns[i] = new Object();
        }
    }

    /** Creates an upload of this owner while nobody else creates or extends one. */
    UploadOutcome inTurn(String owner, Attempt creation) throws IOException {
        synchronized (turn(owner)) {
            return creation.run();
        }
    }

    /** What a new upload of this owner may have; to be asked in turn. */
    long left(String owner) throws IOException {
        return left(owner, Optional.empty());
    }

    /** Lets pieces count no more, since the upload that they are joined to will; to be asked in turn. */
    void handOver(List<UploadState> pieces, UploadId whole) {
        for (UploadState piece : pieces) {
            // Those that another join has already are its; for this one their bytes count once more.
            handedOver.putIfAbsent(piece.id(), whole);
        }
    }

    /** The pieces that were handed over to an upload. */
    List<UploadId> handedTo(UploadId whole) {
        return handedOver.entrySet().stream()
                .filter(entry -> entry.getValue().equals(whole))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** They count again, unless they are gone by now. */
    void takeBack(UploadId whole) {
        handedOver.values().removeIf(whole::equals);
    }

    /** What the unfinished uploads of an owner may take, those with them that are handed over; to be asked in turn. */
    OwnerLimits limits(String owner) throws IOException {
        long bytes = config.maxOwnerBytes();
        int uploads = config.maxOpenUploads();
        for (UploadState state : engine.store().states().unfinished(owner)) {
            if (handedOver.containsKey(state.id())) {
                bytes += Math.min(state.reserved(), Long.MAX_VALUE - bytes);
                uploads += uploads < Integer.MAX_VALUE ? 1 : 0;
            }
        }
        return new OwnerLimits(uploads, bytes);
    }

    /** Checks an append, and reserves in the same step what it has announced; {@link #release} gives that back. */
    AppendCheck reserve(UploadState state, AppendRequest request) throws IOException {
        if (state.length().isPresent()) {
            return AppendCheck.of(state, request, config.maxSize(), Long.MAX_VALUE);
        }
        String owner = state.plan().owner();
        synchronized (turn(owner)) {
            AppendCheck check = AppendCheck.of(state, request, config.maxSize(), left(owner, Optional.of(state.id())));
            if (check.problem().isPresent()) {
                return check;
            }
            AppendCheck announced = check.length().isPresent()
                    ? check
                    : check.withRoom(request.contentLength().orElse(0));
            reserved.put(state.id(), state.offset() + announced.room());
            return announced;
        }
    }

    /**
     * Reserves more for an append of unknown length.
     *
     * @param end the offset that it has come to
     * @param taken what its request has brought of that; as much again is reserved ahead
     * @return the offset up to which it may go
     */
    long extend(UploadState state, long end, long taken) throws IOException {
        String owner = state.plan().owner();
        synchronized (turn(owner)) {
            long most = Math.min(config.maxSize(), left(owner, Optional.of(state.id())));
            long wanted = Math.min(most, end + Math.min(taken, MOST_AHEAD));
            return reserved.merge(state.id(), wanted, Math::max);
        }
    }

    /** Gives back what a request has reserved and not brought. */
    void release(UploadId id) {
        reserved.remove(id);
    }

    private long left(String owner, Optional<UploadId> beside) throws IOException {
        long left = config.maxOwnerBytes();
        // Before the files: an upload that becomes one meanwhile is counted twice then, and never not at all.
        for (UploadState state : engine.store().states().unfinished(owner)) {
            if (!beside.equals(Optional.of(state.id())) && !handedOver.containsKey(state.id())) {
                left -= Math.max(state.reserved(), reserved.getOrDefault(state.id(), 0L));
            }
        }
        return Math.max(0, left - engine.store().catalogue().storedBytes(owner));
    }

    private Object turn(String owner) {
        return turns[Math.floorMod(owner.hashCode(), STRIPES)];
    }
}
