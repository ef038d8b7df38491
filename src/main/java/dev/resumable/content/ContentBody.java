// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a message body: ranges of the representation with the bytes that stand between them.
 *
 * @param segments what to send, in this order
 * @param length the sum of all segments in bytes: the exact Content-Length
 * @param contentType the Content-Type that the body itself brings; empty if it is that of the representation
 */
record ContentBody(List<Segment> segments, long length, Optional<String> contentType) {

    /** One piece of the body. */
    sealed interface Segment {

        /** Its length in bytes. */
        long length();
    }

    /** Bytes of ours, such as the head of a part. */
    record Delimiter(byte[] bytes) implements Segment {
        @Override
        public long length() {
            return bytes.length;
        }
    }

    /** Bytes of the representation. */
    record Slice(ByteRange range) implements Segment {
        @Override
        public long length() {
            return range.length();
        }
    }

    /** All of a representation; no segment at all if it is empty. */
    static ContentBody whole(long completeLength) {
        return completeLength == 0
                ? new ContentBody(List.of(), 0, Optional.empty())
                : part(new ByteRange(0, completeLength - 1));
    }

    /** True if the body is the representation itself, byte for byte. */
    boolean isWhole(long completeLength) {
        return contentType.isEmpty() && length == completeLength;
    }

    /** One range. */
    static ContentBody part(ByteRange range) {
        return new ContentBody(List.of(new Slice(range)), range.length(), Optional.empty());
    }

    /** Several parts with what stands between them. */
    static ContentBody multipart(String contentType, List<Segment> segments) {
        long length = segments.stream().mapToLong(Segment::length).reduce(0, Math::addExact);
        return new ContentBody(List.copyOf(segments), length, Optional.of(contentType));
    }
}
