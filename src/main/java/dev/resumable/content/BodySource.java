// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentBody.Delimiter;
import dev.resumable.content.ContentBody.Segment;
import dev.resumable.content.ContentBody.Slice;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Optional;

/**
 * A planned body as bytes: opens the slices of a representation one after the other and copies them out exactly.
 *
 * <p>The first slice is opened by the constructor, so that what cannot be read fails before anything is sent.
 */
final class BodySource implements AutoCloseable {

    /** Larger blocks gain nothing on any container, smaller ones cost (measured). */
    private static final int BLOCK = 64 << 10;

    private final ContentBody body;
    private final Representation representation;
    private Optional<InputStream> opened;

    BodySource(ContentBody body, Representation representation) throws IOException {
        this.body = body;
        this.representation = representation;
        this.opened = Optional.empty();
        for (Segment segment : body.segments()) {
            if (segment instanceof Slice slice) {
                opened = Optional.of(representation.open(slice.range()));
                break;
            }
        }
    }

    /**
     * Copies the body out.
     *
     * @throws EOFException if the representation ends before the planned length
     * @throws IOException of the representation or of the stream, as it came
     */
    void copyTo(OutputStream out) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, Math.max(1, body.length()))];
        Iterator<Segment> segments = body.segments().iterator();
        while (segments.hasNext()) {
            Segment segment = segments.next();
            if (segment instanceof Delimiter delimiter) {
                out.write(delimiter.bytes());
            } else if (segment instanceof Slice slice) {
                try (InputStream in = take(slice)) {
                    copy(in, out, block, slice.length());
                }
            }
        }
    }

    private InputStream take(Slice slice) throws IOException {
        if (opened.isPresent()) {
            InputStream first = opened.get();
            opened = Optional.empty();
            return first;
        }
        return representation.open(slice.range());
    }

    private static void copy(InputStream in, OutputStream out, byte[] block, long length) throws IOException {
        long left = length;
        while (left > 0) {
            int read = in.read(block, 0, (int) Math.min(block.length, left));
            if (read < 0) {
                throw new EOFException("representation ended " + left + " bytes early");
            }
            left -= read;
            out.write(block, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        if (opened.isPresent()) {
            opened.get().close();
        }
    }
}
