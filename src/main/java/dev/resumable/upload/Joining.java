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
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How uploads that are pieces become one: their bytes are appended to a new one, which is then complete. */
final class Joining {

    private static final Logger LOG = System.getLogger(Joining.class.getName());
    private static final int BLOCK = 256 << 10;

    /** Of how many joins the outcome is remembered. */
    private static final int MOST_JOINED = 500;

    private final UploadEngine engine;

    /** What pieces have become: they are gone, and a client that has lost the answer will ask for the same once more. */
    private final Map<Request, UploadId> joined = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, UploadId> eldest) {
            return size() > MOST_JOINED;
        }
    };

    private record Request(String owner, List<UploadId> pieces, Map<String, String> attributes) {}

    Joining(UploadEngine engine) {
        this.engine = engine;
    }

    UploadOutcome join(UploadPlan plan, List<UploadId> ids) throws IOException {
        Request request = new Request(plan.owner(), List.copyOf(ids), plan.attributes());
        Optional<UploadId> before = before(request);
        if (before.isPresent() && engine.find(before.get(), plan.owner()).isPresent()) {
            return engine.complete(before.get(), plan.owner(), plan.protocol());
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
        return join(plan, length, pieces, request);
    }

    private Optional<UploadId> before(Request request) {
        synchronized (joined) {
            return Optional.ofNullable(joined.get(request));
        }
    }

    private void remember(Request request, UploadId whole) {
        synchronized (joined) {
            joined.put(request, whole);
        }
    }

    /** The owner needs room for the bytes once: what the pieces have reserved becomes the reservation of the whole. */
    private UploadOutcome join(UploadPlan plan, long length, List<UploadState> pieces, Request request)
            throws IOException {
        UploadOutcome outcome = engine.createFrom(pieces, plan, OptionalLong.of(length));
        if (!(outcome instanceof Created created)) {
            return outcome;
        }
        UploadId whole = created.state().id();
        try {
            UploadOutcome filled = fill(created.state(), pieces);
            if (filled instanceof Completed) {
                remember(request, whole);
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
        if (outcome instanceof Failed) {
            engine.removing().discard(whole.id());
        }
        return outcome;
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
