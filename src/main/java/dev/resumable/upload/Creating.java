// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Resumed;
import dev.resumable.upload.UploadOutcome.Stored;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Admission;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How an upload begins: not at all if its bytes are there, else within the limits of its owner. */
final class Creating {

    private static final Logger LOG = System.getLogger(Creating.class.getName());

    private final UploadEngine engine;
    private final UploadConfig config;

    Creating(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
    }

    UploadOutcome create(UploadPlan plan, OptionalLong length) throws IOException {
        return createFrom(List.of(), UploadId.random(), plan, length);
    }

    UploadOutcome createFrom(List<UploadState> pieces, UploadId id, UploadPlan plan, OptionalLong length)
            throws IOException {
        Optional<UploadOutcome> known = known(plan, length);
        return known.isPresent() ? known.get() : create(id, plan, length, this::known, pieces);
    }

    UploadOutcome createNew(UploadPlan plan, OptionalLong length) throws IOException {
        return create(UploadId.random(), plan, length, (samePlan, sameLength) -> Optional.empty(), List.of());
    }

    /** Looks for what makes a new upload needless. */
    @FunctionalInterface
    private interface Twin {
        Optional<UploadOutcome> find(UploadPlan plan, OptionalLong length) throws IOException;
    }

    private UploadOutcome create(UploadId id, UploadPlan plan, OptionalLong length, Twin twin, List<UploadState> pieces)
            throws IOException {
        if (length.orElse(0) > config.maxSize()) {
            return UploadOutcome.failed(
                    UploadProblem.TOO_LARGE,
                    "An upload may have " + config.maxSize() + " bytes.",
                    Map.of("maxSize", config.maxSize()));
        }
        Optional<Refusal> refusal = engine.askBeforeCreation(plan, length);
        return refusal.isPresent()
                ? Completing.refused(refusal.get())
                : admitOrLeaveNothing(id, plan, length, twin, pieces);
    }

    /** What the owner has of the same bytes. Other owners are never looked at, so that nobody can ask who has what. */
    private Optional<UploadOutcome> known(UploadPlan plan, OptionalLong length) throws IOException {
        if (plan.sha256().isEmpty() || length.isEmpty()) {
            return Optional.empty();
        }
        Optional<StoredFile> file =
                engine.store().catalogue().find(plan.owner(), plan.sha256().get(), length.getAsLong());
        if (file.isPresent()) {
            return Optional.of(new Stored(file.get()));
        }
        return engine.store().states().unfinished(plan.owner()).stream()
                .filter(state -> state.status() == UploadStatus.OPEN
                        && state.plan().protocol().equals(plan.protocol())
                        && state.plan().sha256().equals(plan.sha256())
                        && state.length().equals(length))
                .filter(state -> !engine.isExpired(state))
                .findFirst()
                .map(Resumed::new);
    }

    private UploadOutcome admitOrLeaveNothing(
            UploadId id, UploadPlan plan, OptionalLong length, Twin twin, List<UploadState> pieces) throws IOException {
        UploadOutcome outcome;
        try {
            outcome = admit(id, plan, length, twin, pieces);
        } catch (StorageFullException e) {
            leaveNothing(id);
            return UploadOutcome.failed(UploadProblem.STORAGE_FULL, "There is no room for another upload.");
        } catch (IOException | RuntimeException e) {
            leaveNothing(id);
            throw e;
        }
        if (outcome instanceof Created created) {
            engine.tell(listener -> listener.created(created.state()));
        } else {
            engine.store().bodies().delete(id);
        }
        return outcome;
    }

    private UploadOutcome admit(UploadId id, UploadPlan plan, OptionalLong length, Twin twin, List<UploadState> pieces)
            throws IOException {
        String body = engine.store().bodies().create(id);
        UploadState state = UploadState.created(id, plan, length, engine.expiry(), body);
        return engine.quota().inTurn(plan.owner(), () -> admit(state, twin, pieces));
    }

    /** Of a creation that failed, whatever the reason; the reason is what is answered. */
    private void leaveNothing(UploadId id) {
        try {
            engine.store().bodies().delete(id);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the store of uploads failed", e);
        }
    }

    private UploadOutcome admit(UploadState state, Twin twin, List<UploadState> pieces) throws IOException {
        engine.quota().handOver(pieces, state.id());
        UploadOutcome outcome = AppendCheck.overQuota();
        try {
            outcome = admit(state, twin);
            return outcome;
        } finally {
            if (!(outcome instanceof Created)) {
                engine.quota().takeBack(state.id());
            }
        }
    }

    private UploadOutcome admit(UploadState state, Twin twin) throws IOException {
        // Again: of equal creations that race, all but one find it only now.
        Optional<UploadOutcome> known = twin.find(state.plan(), state.length());
        if (known.isPresent()) {
            return known.get();
        }
        if (state.reserved() > engine.quota().left(state.plan().owner())) {
            return AppendCheck.overQuota();
        }
        Admission admission = engine.store()
                .states()
                .create(state, engine.quota().limits(state.plan().owner()));
        return switch (admission) {
            case ADMITTED -> new Created(state);
            case TOO_MANY ->
                UploadOutcome.failed(
                        UploadProblem.TOO_MANY_UPLOADS, "Finish or cancel some of the unfinished uploads first.");
            case OVER_QUOTA -> AppendCheck.overQuota();
        };
    }
}
