// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import java.io.InputStream;
import java.util.Optional;

/**
 * A representation whose bytes are all in memory, such as a page made for one request.
 *
 * <p>Its one validator is the strong content tag of the bytes, so that two requests share the tag only if they got the same
 * bytes.
 */
public final class BytesRepresentation implements Representation {

    private final byte[] bytes;
    private final byte[] sha256;
    private final String contentType;

    private BytesRepresentation(byte[] bytes, byte[] sha256, String contentType) {
        this.bytes = bytes;
        this.sha256 = sha256;
        this.contentType = contentType;
    }

    /** Takes a copy of the bytes; {@code contentType} is the media type to send with its parameters. */
    public static BytesRepresentation of(byte[] bytes, String contentType) {
        byte[] copy = bytes.clone();
        return new BytesRepresentation(copy, Sha256.newDigest().digest(copy), contentType);
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public Validators validators() {
        return Validators.of(EntityTagSource.contentTag(sha256));
    }

    @Override
    public Optional<String> contentType() {
        return Optional.of(contentType);
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.of(sha256.clone());
    }

    @Override
    public InputStream open(ByteRange range) {
        return read(range).asStream();
    }

    @Override
    public Optional<RangeBlocks> blocks(ByteRange range) {
        return Optional.of(read(range));
    }

    private RangeBlocks read(ByteRange range) {
        return RangeBlocks.of(bytes, Math.toIntExact(range.first()), Math.toIntExact(range.length()));
    }
}
