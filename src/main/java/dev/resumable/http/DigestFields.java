// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import dev.resumable.http.StructuredFields.BareItem;
import dev.resumable.http.StructuredFields.BytesItem;
import dev.resumable.http.StructuredFields.IntegerItem;
import dev.resumable.http.StructuredFields.Item;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields {@code Content-Digest}, {@code Repr-Digest} and their {@code Want-} forms, RFC 9530.
 *
 * <p>The one algorithm understood is {@code sha-256}; members for other algorithms are passed over.
 */
public final class DigestFields {
    private static final String SHA_256 = "sha-256";
    private static final int SHA_256_BYTES = 32;
    private static final int MAX_WEIGHT = 10;

    private DigestFields() {}

    /**
     * Returns the value of a digest field, {@code sha-256=:}base64{@code :}.
     *
     * @param digest the 32 bytes of a SHA-256
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public static String sha256(byte[] digest) {
        if (digest.length != SHA_256_BYTES) {
            throw new IllegalArgumentException("Not a SHA-256: " + digest.length + " bytes");
        }
        return SHA_256 + '=' + new BytesItem(digest);
    }

    /**
     * Tells whether a {@code Want-Repr-Digest} or {@code Want-Content-Digest} field asks for SHA-256, RFC 9530 §4.
     *
     * <p>It does with a weight of 1 to 10; weight 0 means "not acceptable", and a malformed field asks for nothing.
     */
    public static boolean wantsSha256(List<String> wantFieldLines) {
        return !wantFieldLines.isEmpty()
                && valueOfSha256(wantFieldLines)
                        .filter(weight -> weight instanceof IntegerItem number && isWanted(number.value()))
                        .isPresent();
    }

    /**
     * Returns the SHA-256 that a digest field states, RFC 9530 §2 and §3.
     *
     * <p>Empty if there is none, if it is not 32 bytes long or if the field is malformed.
     */
    public static Optional<byte[]> sha256In(List<String> digestFieldLines) {
        return valueOfSha256(digestFieldLines)
                .flatMap(value -> value instanceof BytesItem item ? Optional.of(item.bytes()) : Optional.empty())
                .filter(digest -> digest.length == SHA_256_BYTES);
    }

    private static Optional<BareItem> valueOfSha256(List<String> fieldLines) {
        Optional<Map<String, Item>> members = StructuredFields.parseDictionary(fieldLines);
        return members.flatMap(byAlgorithm -> Optional.ofNullable(byAlgorithm.get(SHA_256)))
                .map(Item::value);
    }

    private static boolean isWanted(long weight) {
        return 1 <= weight && weight <= MAX_WEIGHT;
    }
}
