// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.Sha256;
import dev.resumable.upload.store.Part;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The SHA-256 of the first bytes of an upload.
 *
 * <p>A part that comes again with other bytes makes it worthless. So it knows the hashes of the parts that it has seen, and
 * whoever goes on with it compares them with those that count.
 */
final class WholeHash {

    private final MessageDigest digest;
    private final List<String> parts;
    private long position;

    private WholeHash(MessageDigest digest, List<String> parts, long position) {
        this.digest = digest;
        this.parts = parts;
        this.position = position;
    }

    /** Of no bytes. */
    static WholeHash empty() {
        return new WholeHash(Sha256.newDigest(), List.of(), 0);
    }

    /** A hash that goes its own way from here. */
    WholeHash fork() {
        try {
            return new WholeHash((MessageDigest) digest.clone(), parts, position);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a Java platform whose SHA-256 cannot be copied", e);
        }
    }

    void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        position += length;
    }

    /** The same hash, which knows that a part has ended here. */
    WholeHash withPart(String sha256) {
        List<String> more = new ArrayList<>(parts);
        more.add(sha256);
        return new WholeHash(digest, more, position);
    }

    /** The same hash, which knows that it is of these parts and no others. */
    WholeHash of(Collection<Part> all) {
        return new WholeHash(digest, all.stream().map(Part::sha256).toList(), position);
    }

    /** How many bytes it is of. */
    long position() {
        return position;
    }

    /** The parts that it has seen, the first ones of the upload. */
    List<String> parts() {
        return parts;
    }

    /** The value so far, 64 lower-case hexadecimal digits; the hash can go on. */
    String hex() {
        return HexFormat.of().formatHex(fork().digest.digest());
    }
}
