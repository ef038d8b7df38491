// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of tus requests: names, numbers, and what they say of an append. */
final class TusFields {

    static final String RESUMABLE = "Tus-Resumable";
    static final String VERSION = "Tus-Version";
    static final String OFFSET = "Upload-Offset";
    static final String LENGTH = "Upload-Length";
    static final String DEFER_LENGTH = "Upload-Defer-Length";
    static final String METADATA = "Upload-Metadata";
    static final String CONCAT = "Upload-Concat";
    static final String CHECKSUM = "Upload-Checksum";
    static final String EXPIRES = "Upload-Expires";

    /** The media type of bytes that are appended. */
    static final String BYTES = "application/offset+octet-stream";

    /** A number of more digits is above the largest one, unless it begins with zeros, which no client writes. */
    private static final int MAX_DIGITS = 19;

    private TusFields() {}

    /** A whole number, 0 or more; empty if the field is absent, malformed or larger than any length can be. */
    static OptionalLong number(UploadExchange exchange, String name) {
        String text = exchange.field(name).orElse("");
        boolean digits =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> '0' <= c && c <= '9');
        if (!digits) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        // What 19 digits can be wraps once at most, and is negative then.
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Whether a field is there that is not a number. */
    static boolean isNoNumber(UploadExchange exchange, String name) {
        return exchange.hasField(name) && number(exchange, name).isEmpty();
    }

    /** What the body of a request is checked against. */
    static Reading<BodyDigests> checksum(UploadExchange exchange) {
        if (exchange.fields().lines("Trailer").stream().anyMatch(TusFields::namesChecksum)) {
            // Not every container gives trailers to a servlet, and an unchecked one would look like a checked one.
            return Reading.malformed("A checksum must come before the body: checksum-trailer is not announced.");
        }
        if (!exchange.hasField(CHECKSUM)) {
            return new Reading.Understood<>(BodyDigests.none());
        }
        Optional<BodyDigests> digests = exchange.field(CHECKSUM).flatMap(TusChecksum::parse);
        return digests.isPresent()
                ? new Reading.Understood<>(digests.get())
                : Reading.malformed(
                        "Upload-Checksum must be one of " + TusChecksum.names() + ", a space, and a digest in Base64.");
    }

    private static boolean namesChecksum(String trailer) {
        for (String name : trailer.split(",", -1)) {
            if (name.strip().equalsIgnoreCase(CHECKSUM)) {
                return true;
            }
        }
        return false;
    }

    /** What a PATCH wants to append. */
    static Reading<AppendRequest> append(UploadExchange exchange) {
        OptionalLong offset = number(exchange, OFFSET);
        if (offset.isEmpty()) {
            return Reading.malformed("Upload-Offset must be a whole number of bytes, 0 or more.");
        }
        if (isNoNumber(exchange, LENGTH)) {
            return Reading.malformed("Upload-Length must be a whole number of bytes, 0 or more.");
        }
        Reading<BodyDigests> digests = checksum(exchange);
        if (digests instanceof Reading.Malformed<BodyDigests> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        return new Reading.Understood<>(new AppendRequest(
                offset.getAsLong(),
                number(exchange, LENGTH),
                exchange.contentLength(),
                ((Reading.Understood<BodyDigests>) digests).value(),
                Finality.OPEN));
    }
}
