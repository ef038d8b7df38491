// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How uploads that are pieces become one: their bytes are appended to a new one, which is then complete. */
final class Joining {

    private static final Logger LOG = System.getLogger(Joining.class.getName());
    private static final int BLOCK = 256 << 10;

    private final UploadEngine engine;

    /** Two at once would take each other's pieces away. */
    private final Set<UploadId> running = ConcurrentHashMap.newKeySet();

    Joining(UploadEngine engine) {
        this.engine = engine;
    }

    /** Joins; once more for a client that has lost the answer, and asks for the same again when the pieces may be gone. */
    UploadOutcome join(UploadPlan plan, List<UploadId> ids) throws IOException {
        UploadId whole = wholeOf(plan.owner(), ids);
        if (!running.add(whole)) {
            return UploadEngine.busy();
        }
        try {
            return join(plan, ids, whole);
        } finally {
            running.remove(whole);
        }
    }

    /** The same pieces become the same upload. Nobody can guess its id who does not know theirs. */
    private static UploadId wholeOf(String owner, List<UploadId> ids) {
        MessageDigest digest = DigestAlgorithm.SHA_256.newDigest();
        digest.update(owner.getBytes(StandardCharsets.UTF_8));
        for (UploadId id : ids) {
            // Of a length of its own, so that no other list gives the same bytes.
            digest.update(id.value().getBytes(StandardCharsets.US_ASCII));
        }
        return UploadId.of(digest.digest());
    }

    private UploadOutcome join(UploadPlan plan, List<UploadId> ids, UploadId whole) throws IOException {
        Optional<UploadState> before = engine.find(whole, plan.owner());
        if (before.filter(Joining::hasAllBytes).isPresent()) {
            UploadOutcome outcome = engine.complete(whole, plan.owner(), plan.protocol());
            if (outcome instanceof Completed) {
                removeJoined(ids);
            }
            return outcome;
        }
        if (before.isPresent()) {
            // A copy that broke off with the server.
            engine.removing().discard(whole);
        }
        List<UploadState> pieces = new ArrayList<>();
        long length = 0;
        for (UploadId id : ids) {
            Optional<UploadState> piece = engine.find(id, plan.owner())
                    .filter(state -> state.plan().completion() == Completion.PIECE)
                    .filter(UploadState::isWhole);
            if (piece.isEmpty()) {
                return UploadOutcome.failed(
                        UploadProblem.MALFORMED_REQUEST,
                        "What is joined must be pieces, and all of their bytes there.");
            }
            pieces.add(piece.get());
            long sum = length + piece.get().offset();
            length = sum < 0 ? Long.MAX_VALUE : sum;
        }
        return join(plan, length, pieces, whole);
    }

    private static boolean hasAllBytes(UploadState whole) {
        return whole.status() != UploadStatus.OPEN || whole.isWhole();
    }

    /** The owner needs room for the bytes once: what the pieces have reserved becomes the reservation of the whole. */
    private UploadOutcome join(UploadPlan plan, long length, List<UploadState> pieces, UploadId whole)
            throws IOException {
        UploadOutcome outcome = engine.createFrom(pieces, whole, plan, OptionalLong.of(length));
        if (!(outcome instanceof Created created)) {
            return outcome;
        }
        try {
            UploadOutcome filled = fill(created.state(), pieces);
            if (filled instanceof Completed) {
                removeJoined(engine.quota().handedTo(whole));
            }
            return filled;
        } finally {
            engine.quota().takeBack(whole);
        }
    }

    /**
     * Pieces that were joined go, as tus 1.0.0 (Concatenation) allows: their bytes are in the file, and would lie beside it uncounted.
     * The file is made, so this changes nothing of the answer: a piece that cannot go now counts again, until it is removed or expires.
     */
    private void removeJoined(List<UploadId> pieces) {
        for (UploadId id : pieces) {
            try {
                engine.removing().drop(id);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "a piece that was joined could not be removed", e);
            }
        }
    }

    private UploadOutcome fill(UploadState whole, List<UploadState> pieces) throws IOException {
        String owner = whole.plan().owner();
        String protocol = whole.plan().protocol();
        AppendRequest request =
                new AppendRequest(0, OptionalLong.empty(), OptionalLong.empty(), BodyDigests.none(), Finality.LAST);
        Reception reception = engine.append(whole.id(), owner, protocol, request);
        UploadOutcome outcome = reception instanceof Reception.Open open
                ? pour(pieces, open.sink())
                : ((Reception.Refused) reception).outcome();
        if (outcome instanceof Failed failed && !mayBecomeAFile(whole.id(), failed)) {
            engine.removing().discard(whole.id());
        }
        return outcome;
    }

    /** All is copied, and what is in the way of a file may pass: the next request for it, or the sweeper, makes it. */
    private boolean mayBecomeAFile(UploadId whole, Failed failed) throws IOException {
        Optional<UploadState> state = engine.store().states().find(whole).filter(Joining::hasAllBytes);
        return state.isPresent() && (state.get().status() != UploadStatus.OPEN || !Completing.isDecided(failed));
    }

    private UploadOutcome pour(List<UploadState> pieces, BodySink sink) {
        byte[] block = new byte[BLOCK];
        for (UploadState piece : pieces) {
            try (InputStream in = engine.store().bodies().read(piece, 0)) {
                for (int read = in.read(block); read >= 0; read = in.read(block)) {
                    if (engine.isClosed()) {
                        return sink.end(Ending.SHUTDOWN);
                    }
                    if (!sink.write(block, 0, read)) {
                        return sink.outcome();
                    }
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "a piece could not be read", e);
                UploadOutcome outcome = sink.end(Ending.CUT_OFF);
                return outcome instanceof Completed ? outcome : UploadWriting.broken(new IOException(e), Map.of());
            }
        }
        return sink.end(Ending.WHOLE);
    }
}
