// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks the body of one request against the digests that were announced for it.
 *
 * <p>A digest may be announced before the body or, in a trailer, behind it. What is announced must be right, all of it; a
 * body that ends early cannot be checked.
 */
final class BodyDigests {

    private final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);
    private final Supplier<Optional<Map<DigestAlgorithm, byte[]>>> announced;

    private BodyDigests(Set<DigestAlgorithm> algorithms, Supplier<Optional<Map<DigestAlgorithm, byte[]>>> announced) {
        algorithms.forEach(algorithm -> running.put(algorithm, algorithm.newDigest()));
        this.announced = announced;
    }

    /** Nothing is announced: every body is right. */
    static BodyDigests none() {
        return of(Map.of());
    }

    /** Digests that are known before the body. */
    static BodyDigests of(Map<DigestAlgorithm, byte[]> announced) {
        return new BodyDigests(announced.keySet(), () -> Optional.of(announced));
    }

    /**
     * Digests that come behind the body.
     *
     * @param algorithms those that may be announced
     * @param trailers asked when the body is whole; empty if they are not there or not understood, which is wrong
     */
    static BodyDigests inTrailers(
            Set<DigestAlgorithm> algorithms, Supplier<Optional<Map<DigestAlgorithm, byte[]>>> trailers) {
        return new BodyDigests(algorithms, trailers);
    }

    /** Whether only the whole body can be kept, since a piece of it cannot be checked. */
    boolean demandWhole() {
        return !running.isEmpty();
    }

    void update(byte[] bytes, int offset, int length) {
        running.values().forEach(digest -> digest.update(bytes, offset, length));
    }

    /** Asked once, at the end of a whole body. */
    boolean areRight() {
        Optional<Map<DigestAlgorithm, byte[]>> expected = announced.get();
        return expected.isPresent()
                && expected.get().entrySet().stream().allMatch(entry -> isRight(entry.getKey(), entry.getValue()));
    }

    private boolean isRight(DigestAlgorithm algorithm, byte[] expected) {
        MessageDigest digest = running.get(algorithm);
        return digest != null && Arrays.equals(digest.digest(), expected);
    }
}
