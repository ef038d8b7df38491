// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentBody.Delimiter;
import dev.resumable.content.ContentBody.Segment;
import dev.resumable.content.ContentBody.Slice;
import dev.resumable.http.ByteRange;
import dev.resumable.http.ContentRange;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The multipart/byteranges form of a 206 (RFC 9110 §14.6), planned whole so that its length is known up front.
 */
final class MultipartByteranges {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BOUNDARY_BYTES = 18;

    private MultipartByteranges() {}

    /**
     * Plans the parts in the order given.
     *
     * @param partType the Content-Type that the 200 would carry; each part repeats it (RFC 9110 §15.3.7.2)
     */
    static ContentBody plan(List<ByteRange> ranges, long completeLength, Optional<String> partType) {
        // Random, because whoever can predict the boundary can put a part of their own into an uploaded file.
        byte[] random = new byte[BOUNDARY_BYTES];
        RANDOM.nextBytes(random);
        String boundary = Base64.getUrlEncoder().encodeToString(random);

        List<Segment> segments = new ArrayList<>(2 * ranges.size() + 1);
        String start = "--";
        for (ByteRange range : ranges) {
            segments.add(text(start + boundary + "\r\n"
                    + partType.map(type -> "Content-Type: " + type + "\r\n").orElse("")
                    + "Content-Range: " + ContentRange.satisfied(range, completeLength) + "\r\n\r\n"));
            segments.add(new Slice(range));
            // RFC 2046 §5.1.1: the line break before a delimiter belongs to the delimiter.
            start = "\r\n--";
        }
        segments.add(text(start + boundary + "--\r\n"));
        return ContentBody.multipart("multipart/byteranges; boundary=" + boundary, segments);
    }

    private static Delimiter text(String text) {
        return new Delimiter(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
