// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The field {@code Upload-Checksum}: {@code algorithm SP base64}. */
final class TusChecksum {

    private static final Map<String, DigestAlgorithm> ALGORITHMS = algorithms();

    private TusChecksum() {}

    private static Map<String, DigestAlgorithm> algorithms() {
        Map<String, DigestAlgorithm> names = new LinkedHashMap<>();
        // A server must know sha1.
        names.put("sha1", DigestAlgorithm.SHA_1);
        names.put("sha256", DigestAlgorithm.SHA_256);
        names.put("sha512", DigestAlgorithm.SHA_512);
        names.put("md5", DigestAlgorithm.MD5);
        return names;
    }

    /** The names of all algorithms, as they are announced. */
    static String names() {
        return String.join(",", ALGORITHMS.keySet());
    }

    /** Reads a field value; empty if it is malformed or of an unknown algorithm. */
    static Optional<BodyDigests> parse(String field) {
        int space = field.indexOf(' ');
        DigestAlgorithm algorithm = space < 0 ? null : ALGORITHMS.get(field.substring(0, space));
        if (algorithm == null) {
            return Optional.empty();
        }
        try {
            byte[] digest =
                    Base64.getDecoder().decode(field.substring(space + 1).strip());
            // One of another size is well-formed, and never right.
            return digest.length == 0 ? Optional.empty() : Optional.of(BodyDigests.of(Map.of(algorithm, digest)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
