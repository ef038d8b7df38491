// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.DigestFields;
import dev.resumable.http.StructuredFields;
import dev.resumable.http.StructuredFields.BareItem;
import dev.resumable.http.StructuredFields.BooleanItem;
import dev.resumable.http.StructuredFields.IntegerItem;
import dev.resumable.http.StructuredFields.Item;
import dev.resumable.upload.AppendRequest.Finality;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The fields of requests of the IETF draft: names and values.
 *
 * <p>They are structured fields (RFC 9651), and one with a value of another type is as good as not there.
 */
final class DraftFields {

    static final String VERSION = "Upload-Draft-Interop-Version";
    static final String COMPLETE = "Upload-Complete";
    static final String INCOMPLETE = "Upload-Incomplete";
    static final String OFFSET = "Upload-Offset";
    static final String LENGTH = "Upload-Length";
    static final String LIMIT = "Upload-Limit";
    static final String CONTENT_DIGEST = "Content-Digest";
    static final String REPR_DIGEST = "Repr-Digest";
    static final String WANT_REPR_DIGEST = "Want-Repr-Digest";

    /** The media type of bytes that are appended. */
    static final String BYTES = "application/partial-upload";

    private DraftFields() {}

    /** Whether a request can only be of the draft. */
    static boolean areIn(UploadExchange exchange) {
        return exchange.hasField(COMPLETE) || exchange.hasField(INCOMPLETE) || exchange.hasField(VERSION);
    }

    /** An Integer, 0 or more; empty for everything else. */
    static OptionalLong number(UploadExchange exchange, String name) {
        BareItem value = item(exchange, name).orElse(new BooleanItem(false));
        return value instanceof IntegerItem number && number.value() >= 0
                ? OptionalLong.of(number.value())
                : OptionalLong.empty();
    }

    /** Whether the upload ends with this request, if it says so in the way of its version. */
    static Optional<Finality> finality(UploadExchange exchange, DraftVersion version) {
        Finality ifTrue = version == DraftVersion.V3 ? Finality.OPEN : Finality.LAST;
        Finality ifFalse = version == DraftVersion.V3 ? Finality.LAST : Finality.OPEN;
        return item(exchange, version.completenessField())
                .flatMap(value -> value instanceof BooleanItem flag
                        ? Optional.of(flag.value() ? ifTrue : ifFalse)
                        : Optional.empty());
    }

    private static Optional<BareItem> item(UploadExchange exchange, String name) {
        return StructuredFields.parseItem(exchange.fields().lines(name)).map(Item::value);
    }

    /** The SHA-256 of a digest field (RFC 9530), if there is one. */
    static Reading<Optional<byte[]>> sha256(UploadExchange exchange, String name) {
        List<String> lines = exchange.fields().lines(name);
        Optional<byte[]> digest = DigestFields.sha256In(lines);
        // Who sends one wants it checked, so it is not passed over as RFC 9651 §4.2 has it.
        return digest.isEmpty() && String.join(",", lines).contains("sha-256")
                ? Reading.malformed(name + " is malformed.")
                : new Reading.Understood<>(digest);
    }

    /**
     * What the whole will hash to, in hexadecimal, from Repr-Digest.
     *
     * <p>Deviation: the drafts know it with the creation (-11 §10.1), and with a PATCH it would be the digest of its content
     * (RFC 9530 §3.1), for which there is Content-Digest. A client that hashes what it sends knows that of the whole at
     * the end alone.
     */
    static Reading<Optional<String>> wholeHash(UploadExchange exchange) {
        Reading<Optional<byte[]>> reading = sha256(exchange, REPR_DIGEST);
        return reading instanceof Reading.Malformed<Optional<byte[]>> malformed
                ? new Reading.Malformed<>(malformed.failed())
                : new Reading.Understood<>(
                        ((Reading.Understood<Optional<byte[]>>) reading).value().map(HexFormat.of()::formatHex));
    }

    /** What the body of a request is checked against. */
    static Reading<BodyDigests> digests(UploadExchange exchange) {
        Reading<Optional<byte[]>> reading = sha256(exchange, CONTENT_DIGEST);
        if (reading instanceof Reading.Malformed<Optional<byte[]>> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        Optional<byte[]> digest = ((Reading.Understood<Optional<byte[]>>) reading).value();
        return new Reading.Understood<>(BodyDigests.of(
                digest.map(bytes -> Map.of(DigestAlgorithm.SHA_256, bytes)).orElse(Map.of())));
    }

    /** What a PATCH wants to append. */
    static Reading<AppendRequest> append(UploadExchange exchange, DraftVersion version) {
        OptionalLong offset = number(exchange, OFFSET);
        if (offset.isEmpty()) {
            return Reading.malformed("Upload-Offset must be there, and a whole number of bytes, 0 or more.");
        }
        Optional<Finality> finality = finality(exchange, version).or(version::silence);
        if (finality.isEmpty()) {
            return Reading.malformed("Upload-Complete must be there, ?1 with the last bytes and ?0 with others.");
        }
        Reading<BodyDigests> digests = digests(exchange);
        if (digests instanceof Reading.Malformed<BodyDigests> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        Reading<Optional<String>> whole = wholeHash(exchange);
        if (whole instanceof Reading.Malformed<Optional<String>> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        return new Reading.Understood<>(new AppendRequest(
                offset.getAsLong(),
                number(exchange, LENGTH),
                exchange.contentLength(),
                ((Reading.Understood<BodyDigests>) digests).value(),
                finality.get(),
                ((Reading.Understood<Optional<String>>) whole).value()));
    }
}
