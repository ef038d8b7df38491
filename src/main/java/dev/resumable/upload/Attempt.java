// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;

/** Something that the store may fail in. */
@FunctionalInterface
interface Attempt {

    /** Does it. */
    UploadOutcome run() throws IOException;

    /** Does it; a store that fails is a problem like others. */
    static UploadOutcome outcomeOf(Attempt attempt) {
        try {
            return attempt.run();
        } catch (IOException e) {
            System.getLogger(Attempt.class.getName()).log(Level.WARNING, "the store of uploads failed", e);
            return UploadWriting.broken(e, Map.of());
        }
    }
}
