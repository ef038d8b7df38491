// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request wants to append.
 *
 * @param offset where its first byte belongs
 * @param uploadLength the complete length of the upload, if the request announces it
 * @param contentLength the bytes of its body, if they are announced
 * @param digests what the body is checked against
 * @param finality whether the upload ends with this body
 * @param sha256 of the whole, if the request announces it
 */
record AppendRequest(
        long offset,
        OptionalLong uploadLength,
        OptionalLong contentLength,
        BodyDigests digests,
        Finality finality,
        Optional<String> sha256) {

    /** One that does not announce a hash of the whole. */
    AppendRequest(
            long offset,
            OptionalLong uploadLength,
            OptionalLong contentLength,
            BodyDigests digests,
            Finality finality) {
        this(offset, uploadLength, contentLength, digests, finality, Optional.empty());
    }

    /** Whether the upload ends with a body. */
    enum Finality {
        /** It is complete when the body is. */
        LAST,
        /** More may follow, or the length decides. */
        OPEN
    }
}
