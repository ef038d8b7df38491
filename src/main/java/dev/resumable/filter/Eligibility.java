// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells which responses can be made resumable; all others pass at once. */
final class Eligibility {

    /** Bodies that never end, or that are cut already. */
    private static final List<String> STREAMED_TYPES =
            List.of("text/event-stream", "multipart/x-mixed-replace", "multipart/byteranges");

    private Eligibility() {}

    /** True for a complete 200 that the application lets be kept (RFC 9110 §14.2: ranges apply to a 200 of GET). */
    static boolean isEligible(ObservedResponse response) {
        return !response.below().isCommitted()
                && response.getStatus() == HttpServletResponse.SC_OK
                && !response.announcesTrailers()
                && !response.containsHeader("Content-Range")
                && !isStreamed(response.getContentType())
                && mayBeKept(response.lines("Cache-Control"));
    }

    private static boolean isStreamed(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.strip().toLowerCase(Locale.ROOT);
        return STREAMED_TYPES.stream().anyMatch(type::startsWith);
    }

    /** False for no-store (RFC 9111 §5.2.2.5), by which applications also mark bodies that they push piece by piece. */
    private static boolean mayBeKept(List<String> cacheControl) {
        return cacheControl.stream()
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("no-store"));
    }
}
