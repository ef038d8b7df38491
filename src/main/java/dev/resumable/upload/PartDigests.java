// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.DigestFields;
import dev.resumable.upload.UploadConfig.DigestPolicy;
import dev.resumable.upload.UploadOutcome.Failed;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Content-Digest says of a part (RFC 9530 §2).
 *
 * @param sha256 the announced digest, if there is one
 * @param problem why the request must be refused
 */
record PartDigests(Optional<byte[]> sha256, Optional<Failed> problem) {

    /** Reads the lines of the field. */
    static PartDigests of(List<String> lines, DigestPolicy policy) {
        Optional<byte[]> sha256 = DigestFields.sha256In(lines);
        if (sha256.isPresent()) {
            return new PartDigests(sha256, Optional.empty());
        }
        if (String.join(",", lines).contains("sha-256")) {
            // Who sends one wants it checked, so it is not passed over as RFC 9651 §4.2 has it.
            return refused("Content-Digest is malformed.");
        }
        return policy == DigestPolicy.REQUIRED
                ? refused("Content-Digest with sha-256 is required.")
                : new PartDigests(Optional.empty(), Optional.empty());
    }

    private static PartDigests refused(String detail) {
        return new PartDigests(
                Optional.empty(), Optional.of(UploadOutcome.failed(UploadProblem.DIGEST_REQUIRED, detail)));
    }

    /** The check of a body that is the part itself. */
    BodyDigests beforeBody() {
        return BodyDigests.of(
                sha256.map(digest -> Map.of(DigestAlgorithm.SHA_256, digest)).orElse(Map.of()));
    }

    /**
     * The check of a part inside a form. The field is about the content of the request, so about the whole form; clients
     * that mean the file alone are understood too, as the part is just as safe then.
     *
     * @param form the digest that runs along all bytes of the form
     */
    BodyDigests insideForm(MessageDigest form) {
        return sha256.map(digest -> BodyDigests.inTrailers(
                        Set.of(DigestAlgorithm.SHA_256),
                        () -> Optional.of(
                                Arrays.equals(form.digest(), digest)
                                        ? Map.of()
                                        : Map.of(DigestAlgorithm.SHA_256, digest))))
                .orElseGet(BodyDigests::none);
    }
}
