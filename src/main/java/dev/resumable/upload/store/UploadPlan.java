// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is settled when an upload is created and never changes, but for a hash that is announced later.
 *
 * @param owner whose upload it is; nobody else ever sees it
 * @param protocol the name of the protocol that created it, the only one that may change it
 * @param fileName as the client gave it: text, never a path; may be empty
 * @param mediaType as the client gave it; a claim, not to be believed when the file is sent
 * @param sha256 what the client says the whole will hash to, 64 lower-case hexadecimal digits; compared at completion
 * @param layout the parts; empty if the bytes are appended
 * @param completion what makes the upload complete
 * @param attributes what the protocol wants to say again later, such as the metadata field as it came
 * @param created when
 */
public record UploadPlan(
        String owner,
        String protocol,
        String fileName,
        Optional<String> mediaType,
        Optional<String> sha256,
        Optional<PartLayout> layout,
        Completion completion,
        Map<String, String> attributes,
        Instant created) {

    /** What makes an upload complete. */
    public enum Completion {
        /** A request of its own. */
        ASKED,
        /** The last byte of the known length, so that a server that was killed right after it completes the upload itself. */
        BY_LENGTH,
        /** Nothing: it never is a file, but a piece that is joined with others to one. */
        PIECE
    }

    /** Takes the attributes as a copy. */
    public UploadPlan {
        attributes = Map.copyOf(attributes);
    }

    /** The same plan with what the whole will hash to. */
    UploadPlan announcing(String newSha256) {
        return new UploadPlan(
                owner, protocol, fileName, mediaType, Optional.of(newSha256), layout, completion, attributes, created);
    }
}
