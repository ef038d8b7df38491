// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Bytes that can be read from any position, with the metadata that describes them: a file, a spool, a stored object.
 *
 * <p>Applications may write their own and hand it to {@link ContentResponse}. All streams of one instance must come from
 * one state of the resource, the state that {@link #validators()} names: two states must never be spliced.
 */
public interface Representation extends RepresentationMetadata {

    /**
     * Opens the bytes of one range; the caller closes the stream.
     *
     * @param range a range inside {@link #length()}
     * @return a stream of exactly {@code range.length()} bytes. If the bytes end early or belong to another state than the
     *     validators, reading must throw: a stream that ends quietly would make a broken body look complete.
     * @throws IOException if the range cannot be read; nothing was sent to the client by then
     */
    InputStream open(ByteRange range) throws IOException;

    /**
     * The bytes of one range in blocks, for a representation that has them at hand; the caller closes them.
     *
     * <p>One that gives none is read by {@link #open}, on the thread that sends it and before its call returns. So give them for
     * all ranges or for none.
     *
     * @return blocks of exactly {@code range.length()} bytes under the promises of {@link RangeBlocks}, or empty
     * @throws IOException as {@link #open}
     */
    default Optional<RangeBlocks> blocks(ByteRange range) throws IOException {
        return Optional.empty();
    }

    /**
     * Told once for every time that it was handed to {@link ContentResponse}, when no byte will be asked for any more: after
     * the last one has gone, after a failure, or at once where the answer has no content.
     */
    default void release() {}
}
