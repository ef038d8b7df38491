// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells requests that an HTML form could have sent, or a script that needs nobody's leave (Fetch, CORS-safelisted): a
 * POST of one of three media types, with none of the fields that such pages cannot set.
 */
final class FormRequest {

    private static final Set<String> FORM_TYPES =
            Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");
    /** By these a request shows that no form has made it; not those that browsers add by themselves, as Authorization. */
    private static final Set<String> TELLING_FIELDS = Set.of(
            "X-Requested-With",
            "X-HTTP-Method-Override",
            DraftFields.CONTENT_DIGEST,
            DraftFields.REPR_DIGEST,
            DraftFields.WANT_REPR_DIGEST,
            DraftFields.VERSION,
            DraftFields.COMPLETE,
            DraftFields.INCOMPLETE,
            DraftFields.OFFSET,
            DraftFields.LENGTH,
            TusFields.RESUMABLE,
            TusFields.DEFER_LENGTH,
            TusFields.METADATA,
            TusFields.CONCAT,
            TusFields.CHECKSUM);

    private FormRequest() {}

    /** Whether a request could be that of a form of any page. */
    static boolean isPossible(UploadExchange exchange) {
        // Without content a form says nothing, and is what libraries make of a POST without a body: some give that a
        // form's type. The only thing that it can do is to complete an upload whose id it knows.
        return exchange.hasContent() && isPossibleWithContent(exchange);
    }

    /** Whether a request that names no page it comes from could be that of a form, if its stream turns out to have content. */
    static boolean isOneUnlessEmpty(UploadExchange exchange) {
        boolean namesItsPage = exchange.hasField("Origin")
                || exchange.field("Sec-Fetch-Site")
                        .filter("same-origin"::equals)
                        .isPresent();
        return exchange.isFramedByStream() && !namesItsPage && isPossibleWithContent(exchange);
    }

    private static boolean isPossibleWithContent(UploadExchange exchange) {
        // The method as it came: a form can name another one in no field.
        return exchange.request().getMethod().equals("POST")
                && hasFormType(exchange)
                && !isToldWhatItLacks(exchange)
                && !isPart(exchange)
                && TELLING_FIELDS.stream().noneMatch(exchange::hasField);
    }

    /** Of one that names no origin. */
    static Failed refusal() {
        return UploadOutcome.failed(
                UploadProblem.ORIGIN_NOT_ALLOWED,
                "A form without an Origin changes nothing; programs add Content-Digest or X-Requested-With.");
    }

    /** Where uploads are created, one without a document and without fields of a protocol creates none, and hears so. */
    private static boolean isToldWhatItLacks(UploadExchange exchange) {
        return exchange.target() instanceof UploadTarget.Root
                && !exchange.mediaType().equals("application/json");
    }

    /**
     * A part may come as a form, from programs too, which name no origin. Its path has the id of the upload, which the page of
     * another origin cannot know.
     */
    private static boolean isPart(UploadExchange exchange) {
        return exchange.target() instanceof UploadTarget.PartOf
                && exchange.fields().lines("Content-Type").size() == 1
                && exchange.mediaType().equals("multipart/form-data");
    }

    /** Content of no type, or of one that cannot be understood, may be taken for anything. */
    private static boolean hasFormType(UploadExchange exchange) {
        List<String> lines = exchange.fields().lines("Content-Type");
        return lines.size() != 1 || isFormType(lines.get(0));
    }

    private static boolean isFormType(String value) {
        int semicolon = value.indexOf(';');
        String type =
                (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        return FORM_TYPES.contains(type) || Claims.mediaType(type).isEmpty();
    }
}
