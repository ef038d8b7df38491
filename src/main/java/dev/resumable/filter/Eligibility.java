// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.CacheControlField;
import dev.resumable.metrics.PassReason;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells which responses can be made resumable; all others pass at once. */
final class Eligibility {

    /** Bodies that never end, or that are cut already. */
    private static final List<String> STREAMED_TYPES =
            List.of("text/event-stream", "multipart/x-mixed-replace", "multipart/byteranges");

    private Eligibility() {}

    /**
     * What keeps a response from being made resumable; nothing for a complete 200 that the application lets be kept
     * (RFC 9110 §14.2: ranges apply to a 200 of GET).
     */
    static Optional<PassReason> objection(ObservedResponse response) {
        if (response.below().isCommitted()) {
            return Optional.of(PassReason.COMMITTED);
        }
        if (response.getStatus() != HttpServletResponse.SC_OK) {
            return Optional.of(PassReason.STATUS);
        }
        if (response.announcesTrailers()) {
            return Optional.of(PassReason.TRAILERS);
        }
        if (response.containsHeader("Content-Range")) {
            return Optional.of(PassReason.CONTENT_RANGE);
        }
        if (isStreamed(response.getContentType())) {
            return Optional.of(PassReason.STREAMED_TYPE);
        }
        return isNotStored(response) ? Optional.of(PassReason.NO_STORE) : Optional.empty();
    }

    /** RFC 9111 §5.2.2.5; by it applications also mark bodies that they push piece by piece. */
    private static boolean isNotStored(ObservedResponse response) {
        return CacheControlField.parse(response.lines("Cache-Control")).has("no-store");
    }

    /** True if nothing is objected to the content of a 206: it is one part, of what may be made resumable. */
    static boolean isOnePart(ObservedResponse response) {
        return !isStreamed(response.getContentType()) && !isNotStored(response);
    }

    private static boolean isStreamed(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.strip().toLowerCase(Locale.ROOT);
        for (String streamed : STREAMED_TYPES) {
            if (type.startsWith(streamed)) {
                return true;
            }
        }
        return false;
    }
}
