// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.Reading.malformed;

import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The fields that create an upload.
 *
 * @param length empty if it is deferred, or that of the pieces
 * @param metadata what the client says of the file
 * @param concat whether it is a piece or is joined from pieces
 * @param concatField that field as it came, to be given back in that form; empty without it
 */
record TusCreation(OptionalLong length, TusMetadata metadata, TusConcat concat, String concatField) {

    /** Reads the fields of a POST. */
    static Reading<TusCreation> read(UploadExchange exchange) {
        if (TusFields.isNoNumber(exchange, TusFields.LENGTH)) {
            return malformed("Upload-Length must be a whole number of bytes, 0 or more.");
        }
        boolean deferred = exchange.hasField(TusFields.DEFER_LENGTH);
        if (deferred && !exchange.field(TusFields.DEFER_LENGTH).equals(Optional.of("1"))) {
            return malformed("Upload-Defer-Length has no other value than 1.");
        }
        Optional<TusMetadata> metadata = exchange.hasField(TusFields.METADATA)
                ? TusMetadata.parse(String.join(",", exchange.fields().lines(TusFields.METADATA)))
                : Optional.of(TusMetadata.NONE);
        if (metadata.isEmpty()) {
            return malformed("Upload-Metadata must be pairs of a key and a value in Base64, no key twice.");
        }
        Optional<TusConcat> concat = exchange.hasField(TusFields.CONCAT)
                ? exchange.field(TusFields.CONCAT).flatMap(TusConcat::parse)
                : Optional.of(new TusConcat.Alone());
        if (concat.isEmpty()) {
            return malformed("Upload-Concat must be partial, or final; and the URLs of partial uploads.");
        }
        OptionalLong length = TusFields.number(exchange, TusFields.LENGTH);
        boolean lengthIsOfPieces = concat.get() instanceof TusConcat.Final;
        if (lengthIsOfPieces ? deferred || length.isPresent() : deferred == length.isPresent()) {
            return malformed(
                    lengthIsOfPieces
                            ? "A final upload has the length of its pieces."
                            : "Either Upload-Length or Upload-Defer-Length is needed.");
        }
        return new Reading.Understood<>(new TusCreation(
                length,
                metadata.get(),
                concat.get(),
                exchange.field(TusFields.CONCAT).orElse("")));
    }

    /** What is settled with the creation. */
    UploadPlan plan(String owner) {
        Map<String, String> attributes = new HashMap<>();
        if (!metadata.values().isEmpty()) {
            attributes.put(TusFields.METADATA, metadata.field());
        }
        if (!concatField.isEmpty()) {
            attributes.put(TusFields.CONCAT, concatField);
        }
        return new UploadPlan(
                owner,
                TusProtocol.NAME,
                metadata.fileName(),
                metadata.mediaType(),
                Optional.empty(),
                Optional.empty(),
                concat instanceof TusConcat.Partial ? Completion.PIECE : Completion.BY_LENGTH,
                attributes,
                Instant.now());
    }

    /** Whether there is nothing to wait for: all bytes of an empty file are there. */
    boolean isWholeAlready() {
        return length.orElse(1) == 0 && concat instanceof TusConcat.Alone;
    }
}
