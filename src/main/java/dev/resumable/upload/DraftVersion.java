// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The versions of the IETF draft that are spoken side by side, by their interop versions, and how they differ.
 *
 * <p>Clients name theirs in {@code Upload-Draft-Interop-Version}. A number between two of these is answered as the older of
 * them, one above all as the newest.
 */
enum DraftVersion {
    /** Draft -01: {@code Upload-Incomplete}. */
    V3(3),
    /** Draft -03: {@code Upload-Complete}. */
    V5(5),
    /** Drafts -04 and -05: a media type of its own, {@code Upload-Length}, {@code Upload-Limit}. */
    V6(6),
    /** Drafts -06 and later, of which the numbers are 7 and 8. */
    V8(7);

    private static final Set<Long> EXACT = Set.of(3L, 5L, 6L, 8L);

    private final long number;

    DraftVersion(long number) {
        this.number = number;
    }

    /** The version of a request; the newest, if nothing in it tells. */
    static DraftVersion of(UploadExchange exchange) {
        return of(exchange, V8);
    }

    /** The version of a request; another, if nothing in it tells. */
    static DraftVersion of(UploadExchange exchange, DraftVersion otherwise) {
        boolean incomplete = exchange.hasField(DraftFields.INCOMPLETE);
        boolean complete = exchange.hasField(DraftFields.COMPLETE);
        if (incomplete != complete) {
            // More than the number, it tells how the client must be understood.
            return incomplete ? V3 : atLeast(V5, numbered(exchange).orElse(V8));
        }
        return numbered(exchange).orElse(otherwise);
    }

    /** The number that a request names, if it is one of those that are spoken to the letter. */
    static OptionalLong exactNumber(UploadExchange exchange) {
        OptionalLong number = DraftFields.number(exchange, DraftFields.VERSION);
        return number.isPresent() && EXACT.contains(number.getAsLong()) ? number : OptionalLong.empty();
    }

    private static Optional<DraftVersion> numbered(UploadExchange exchange) {
        OptionalLong number = DraftFields.number(exchange, DraftFields.VERSION);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        DraftVersion found = V3;
        for (DraftVersion version : List.of(values())) {
            found = version.number <= number.getAsLong() ? version : found;
        }
        return Optional.of(found);
    }

    private static DraftVersion atLeast(DraftVersion one, DraftVersion other) {
        return other.isBefore(one) ? one : other;
    }

    boolean isBefore(DraftVersion other) {
        return compareTo(other) < 0;
    }

    /** The field that says whether an upload is complete. */
    String completenessField() {
        return this == V3 ? DraftFields.INCOMPLETE : DraftFields.COMPLETE;
    }

    /** The value of that field. */
    String completeness(Completeness completeness) {
        boolean isTrue = (completeness == Completeness.COMPLETE) == (this != V3);
        return isTrue ? "?1" : "?0";
    }

    /** Whether an upload is complete, to the protocol. */
    enum Completeness {
        /** The answer is that of the resource which the upload was for. */
        COMPLETE,
        /** The answer is about the upload. */
        INCOMPLETE
    }

    /** Whether the upload ends with an append that does not say so; empty if it must say so. */
    Optional<Finality> silence() {
        return switch (this) {
            // -01 §5: complete is what came with the field "being omitted or set to false".
            case V3 -> Optional.of(Finality.LAST);
            // -03 §6, as its example has it.
            case V5, V6 -> Optional.of(Finality.OPEN);
            case V8 -> Optional.empty();
        };
    }

    /** The status of an append that more will follow. */
    int appended() {
        return isBefore(V8) ? HttpServletResponse.SC_CREATED : HttpServletResponse.SC_NO_CONTENT;
    }

    /** The member of {@code Upload-Limit} that says how long an upload will be kept. */
    String lifetimeLimit() {
        return this == V6 ? "expires" : "max-age";
    }
}
