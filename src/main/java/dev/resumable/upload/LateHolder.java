// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.UploadLocks.Holder;
import dev.resumable.upload.store.UploadLocks.Urgency;
import org.jspecify.annotations.Nullable;

/** Stands in for the holder of a lease until there is one, since the lease is taken first. */
final class LateHolder implements Holder {

    private volatile @Nullable Holder holder;

    void isNow(Holder actual) {
        holder = actual;
    }

    @Override
    public void askedToLetGo(Urgency urgency) {
        Holder actual = holder;
        // Whoever waits asks again soon.
        if (actual != null) {
            actual.askedToLetGo(urgency);
        }
    }
}
