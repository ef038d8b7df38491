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
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How an upload begins: not at all if its bytes are there, else within the limits of its owner. */
final class Creating {

    private final UploadEngine engine;
    private final UploadConfig config;

    Creating(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
    }

    UploadOutcome create(UploadPlan plan, OptionalLong length) throws IOException {
        Optional<UploadOutcome> known = known(plan, length);
        return known.isPresent() ? known.get() : createNew(plan, length);
    }

    UploadOutcome createNew(UploadPlan plan, OptionalLong length) throws IOException {
        if (length.orElse(0) > config.maxSize()) {
            return UploadOutcome.failed(
                    UploadProblem.TOO_LARGE,
                    "An upload may have " + config.maxSize() + " bytes.",
                    Map.of("maxSize", config.maxSize()));
        }
        Optional<Refusal> refusal = engine.askBeforeCreation(plan, length);
        return refusal.isPresent() ? Completing.refused(refusal.get()) : admit(plan, length);
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

    private UploadOutcome admit(UploadPlan plan, OptionalLong length) throws IOException {
        UploadId id = UploadId.random();
        try {
            String body = engine.store().bodies().create(id);
            UploadState state = UploadState.created(id, plan, length, engine.expiry(), body);
            Admission admission = engine.store()
                    .states()
                    .create(state, new OwnerLimits(config.maxOpenUploads(), bytesLeftBesideFiles(plan.owner())));
            if (admission == Admission.ADMITTED) {
                engine.tell(listener -> listener.created(state));
                return new Created(state);
            }
            engine.store().bodies().delete(id);
            return admission == Admission.TOO_MANY
                    ? UploadOutcome.failed(
                            UploadProblem.TOO_MANY_UPLOADS, "Finish or cancel some of the unfinished uploads first.")
                    : AppendCheck.overQuota();
        } catch (StorageFullException e) {
            engine.store().bodies().delete(id);
            return UploadOutcome.failed(UploadProblem.STORAGE_FULL, "There is no room for another upload.");
        }
    }

    /** What an upload of unknown length may still grow to; those of known length have reserved theirs. */
    long bytesLeft(UploadState state) throws IOException {
        if (state.length().isPresent()) {
            return Long.MAX_VALUE;
        }
        long others = engine.store().states().unfinished(state.plan().owner()).stream()
                .filter(other -> !other.id().equals(state.id()))
                .mapToLong(UploadState::reserved)
                .sum();
        return Math.max(0, bytesLeftBesideFiles(state.plan().owner()) - others);
    }

    private long bytesLeftBesideFiles(String owner) throws IOException {
        return Math.max(0, config.maxOwnerBytes() - engine.store().catalogue().storedBytes(owner));
    }
}
