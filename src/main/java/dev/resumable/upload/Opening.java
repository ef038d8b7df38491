// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.store.BodyWriter;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** How an upload is opened for the body of a request: first what is known without waiting, then the lease, then all once more. */
final class Opening {

    private final UploadEngine engine;

    Opening(UploadEngine engine) {
        this.engine = engine;
    }

    /** For a body that is appended. */
    Reception append(UploadId id, String owner, String protocol, AppendRequest request) throws IOException {
        return open(Scope.whole(id), owner, protocol, state -> openAppend(state, request));
    }

    private Opened openAppend(UploadState state, AppendRequest request) throws IOException {
        AppendCheck check = engine.quota().reserve(state, request);
        if (check.problem().isPresent()) {
            return new Opened.Refused(check.problem().get());
        }
        AppendWriting writing = new AppendWriting(engine, request, check);
        return new Opened.Writing(
                writing,
                engine.store().bodies().append(state),
                state,
                engine.hashes().at(state, state.offset()));
    }

    /** One part of it. */
    Reception part(UploadId id, String owner, String protocol, PartRequest request) throws IOException {
        return open(Scope.part(id, request.number()), owner, protocol, state -> openPart(state, request));
    }

    private Opened openPart(UploadState state, PartRequest request) throws IOException {
        int number = request.number();
        Optional<PartLayout> layout = state.plan().layout();
        if (layout.isEmpty() || !layout.get().has(number)) {
            return new Opened.Refused(PartWriting.noSuchPart(layout));
        }
        long size = layout.get().sizeOf(number);
        if (request.contentLength().orElse(size) != size) {
            return new Opened.Refused(
                    PartWriting.wrongSize(number, size, request.contentLength().getAsLong()));
        }
        // With the lease, or two that ask for a part which is not there would both get it (RFC 9110 §13.1.2).
        Optional<Failed> refusal = request.refusal(state);
        if (refusal.isPresent()) {
            return new Opened.Refused(refusal.get());
        }
        PartWriting writing = new PartWriting(engine, number, size, request.digests());
        BodyWriter writer = engine.store().bodies().part(state, number);
        return new Opened.Writing(
                writing, writer, state, engine.hashes().at(state, layout.get().offsetOf(number)));
    }

    /** What opening came to, before the lease is handed on. */
    private sealed interface Opened {
        record Writing(UploadWriting writing, BodyWriter writer, UploadState state, Optional<WholeHash> hash)
                implements Opened {}

        record Refused(UploadOutcome outcome) implements Opened {}
    }

    @FunctionalInterface
    private interface Check {
        Opened open(UploadState state) throws IOException;
    }

    private Reception open(Scope scope, String owner, String protocol, Check check) throws IOException {
        if (!engine.work().begin()) {
            return new Reception.Refused(UploadEngine.shuttingDown());
        }
        Reception reception = new Reception.Refused(UploadEngine.shuttingDown());
        try {
            reception = openWorking(scope, owner, protocol, check);
            return reception;
        } finally {
            if (reception instanceof Reception.Refused) {
                engine.work().end();
            }
        }
    }

    private Reception openWorking(Scope scope, String owner, String protocol, Check check) throws IOException {
        UploadOutcome before = writable(scope.upload(), owner, protocol);
        if (!(before instanceof Found)) {
            // Known without waiting for anybody.
            return new Reception.Refused(before);
        }
        LateHolder holder = new LateHolder();
        Optional<Lease> lease = engine.leaseWhenIdle(owner, scope, holder);
        if (lease.isEmpty()) {
            return new Reception.Refused(UploadEngine.busy());
        }
        Opened opened = new Opened.Refused(UploadEngine.busy());
        try {
            UploadOutcome now = writable(scope.upload(), owner, protocol);
            opened = now instanceof Found found
                    ? check.open(engine.claimed(found.state(), lease.get()))
                    : new Opened.Refused(now);
        } catch (StorageFullException e) {
            opened = new Opened.Refused(UploadWriting.broken(e, Map.of()));
        } finally {
            if (opened instanceof Opened.Refused) {
                engine.quota().release(scope.upload());
                lease.get().close();
            }
        }
        if (opened instanceof Opened.Writing w) {
            w.writing().begin(lease.get(), w.writer(), w.state(), w.hash());
            holder.isNow(w.writing());
            return new Reception.Open(w.writing());
        }
        return new Reception.Refused(((Opened.Refused) opened).outcome());
    }

    /** The upload if it takes bytes in this protocol, else why not. */
    private UploadOutcome writable(UploadId id, String owner, String protocol) throws IOException {
        UploadOutcome own = engine.changeable(id, owner, protocol);
        return own instanceof Found found && found.state().status() != UploadStatus.OPEN
                ? UploadOutcome.failed(UploadProblem.ALREADY_COMPLETE, "The upload takes no more bytes.")
                : own;
    }
}
