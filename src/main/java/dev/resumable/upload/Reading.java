// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;

/** What reading the fields of a request came to. */
sealed interface Reading<T> {

    /** They are right. */
    record Understood<T>(T value) implements Reading<T> {}

    /** One is not. */
    record Malformed<T>(Failed failed) implements Reading<T> {}

    /** A field is not as it must be. */
    static <T> Reading<T> malformed(String detail) {
        return new Malformed<>(UploadOutcome.failed(UploadProblem.MALFORMED_REQUEST, detail));
    }
}
