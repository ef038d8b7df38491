// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.metrics.TransferEvents.UploadStep;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadState;

/**
 * What becomes of uploads, as it is told to listeners of transfers.
 *
 * @param events does not throw
 */
record CountedUploads(TransferEvents events) implements UploadListener {

    @Override
    public void created(UploadState state) {
        events.uploadStep(UploadStep.CREATED, 0);
    }

    @Override
    public void completed(UploadState state, StoredFile file) {
        events.uploadStep(UploadStep.COMPLETED, file.size());
    }

    @Override
    public void cancelled(UploadState state) {
        events.uploadStep(UploadStep.CANCELLED, 0);
    }

    @Override
    public void expired(UploadState state) {
        events.uploadStep(UploadStep.EXPIRED, 0);
    }

    /** A body has ended, after so many bytes. */
    void received(UploadOutcome outcome, long bytes) {
        events.uploadStep(UploadStep.RECEIVED, bytes);
        if (outcome instanceof Failed failed) {
            switch (failed.problem()) {
                case TAKEN_OVER -> events.uploadStep(UploadStep.TAKEN_OVER, 0);
                case DIGEST_MISMATCH, FILE_DIGEST_MISMATCH -> events.uploadStep(UploadStep.DIGEST_REFUSED, 0);
                default -> {
                    // Not counted by itself.
                }
            }
        }
    }
}
