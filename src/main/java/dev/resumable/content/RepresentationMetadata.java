// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.Validators;
import java.util.Optional;

/**
 * What is known of a representation without reading its bytes (RFC 9110 §3.2, §8).
 *
 * <p>All of it describes the bytes as they travel: if a content coding was applied, the coded bytes.
 */
public interface RepresentationMetadata {

    /** The complete length in bytes, never negative. */
    long length();

    /** The validators of the current state; a strong entity-tag makes the representation resumable. */
    Validators validators();

    /** The media type with its parameters, or empty if the response already carries one. */
    Optional<String> contentType();

    /** The value of Content-Encoding that belongs to the bytes, if they are coded (RFC 9110 §8.4). */
    default Optional<String> contentCoding() {
        return Optional.empty();
    }

    /** The SHA-256 over the whole, 32 bytes, if it is known without further work (RFC 9530 Repr-Digest). */
    default Optional<byte[]> sha256() {
        return Optional.empty();
    }
}
