// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadTarget.Root;
import dev.resumable.upload.UploadTarget.Upload;
import dev.resumable.upload.store.UploadId;
import java.io.IOException;
import java.util.Set;

/**
 * Resumable uploads for HTTP, draft-ietf-httpbis-resumable-upload: an upload is appended to, and complete when a request says
 * so, never by its length alone.
 *
 * <p>Four versions are spoken side by side ({@link DraftVersion}). Quotations in comments are from the drafts; -11 §4 is a
 * section of the eleventh. The Servlet API cannot send 104 responses; in Jetty they are sent past it. Elsewhere a client that wants
 * to be able to resume begins with an empty creation.
 */
final class DraftProtocol implements UploadProtocol {

    static final String NAME = "ietf-draft";

    private static final String METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH";
    private static final Set<String> METHODS_WITH_CONTENT = Set.of("POST", "PUT", "PATCH");

    private final UploadEngine engine;
    private final DraftLimits limits;
    private final DraftUploads uploads;
    private final UploadConditions conditions;

    DraftProtocol(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.limits = new DraftLimits(config.maxSize(), config.expiry());
        this.uploads = new DraftUploads(engine, limits, config.interimResponses());
        this.conditions = new UploadConditions(engine, NAME);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(UploadExchange exchange) throws IOException {
        if (exchange.hasField(TusFields.RESUMABLE)) {
            return false;
        }
        UploadTarget target = exchange.target();
        boolean hasFields = DraftFields.areIn(exchange) || exchange.mediaType().equals(DraftFields.BYTES);
        if (target instanceof Root) {
            return hasFields && METHODS_WITH_CONTENT.contains(exchange.method());
        }
        return target instanceof Upload upload
                ? hasFields || isOfDraft(upload.id(), exchange)
                : hasFields && target instanceof UploadTarget.Nothing;
    }

    /** The draft's requests to look and to cancel need no fields, and an append that lacks them is told so. */
    private boolean isOfDraft(UploadId id, UploadExchange exchange) throws IOException {
        return engine.find(id, exchange.owner())
                .filter(state -> state.plan().protocol().equals(NAME))
                .isPresent();
    }

    @Override
    public void handle(UploadExchange exchange) throws IOException {
        nameVersion(exchange);
        if (exchange.target() instanceof Root) {
            uploads.create(exchange);
        } else if (exchange.target() instanceof Upload upload) {
            atUpload(upload.id(), exchange);
        } else {
            exchange.answer(UploadOutcome.notFound());
        }
    }

    /** Tells a client that it is understood to the letter; the drafts ask for it in 104 responses alone, which few containers have. */
    private static void nameVersion(UploadExchange exchange) {
        DraftVersion.exactNumber(exchange)
                .ifPresent(number -> exchange.response().setHeader(DraftFields.VERSION, Long.toString(number)));
        exchange.keepFields();
    }

    private void atUpload(UploadId id, UploadExchange exchange) throws IOException {
        switch (exchange.method()) {
            case "HEAD", "GET" -> uploads.look(id, exchange);
            case "PATCH" -> conditions.ifMeant(id, exchange, uploads::append);
            case "DELETE" -> conditions.ifMeant(id, exchange, uploads::cancel);
            default -> methodNotAllowed(exchange);
        }
    }

    private static void methodNotAllowed(UploadExchange exchange) throws IOException {
        exchange.response().setHeader("Allow", METHODS);
        exchange.answer(UploadOutcome.failed(
                UploadProblem.METHOD_NOT_ALLOWED, "In the IETF draft this resource has the methods " + METHODS + "."));
    }

    // ---- what can be done

    @Override
    public void refuse(UploadExchange exchange, Failed wrongProtocol) throws IOException {
        exchange.problem(wrongProtocol);
    }

    @Override
    public void announce(UploadExchange exchange) {
        exchange.response().setHeader(DraftFields.LIMIT, limits.forAll(DraftVersion.of(exchange)));
        // Asked for by -10 and -11 alone.
        exchange.response().setHeader("Accept-Patch", DraftFields.BYTES);
    }

    @Override
    public Set<String> requestFields() {
        return Set.of(
                DraftFields.VERSION,
                DraftFields.COMPLETE,
                DraftFields.INCOMPLETE,
                DraftFields.OFFSET,
                DraftFields.LENGTH,
                DraftFields.CONTENT_DIGEST,
                DraftFields.REPR_DIGEST,
                DraftFields.WANT_REPR_DIGEST,
                "Content-Disposition",
                "Content-Type");
    }

    @Override
    public Set<String> responseFields() {
        return Set.of(
                "Location",
                "Accept-Patch",
                DraftFields.VERSION,
                DraftFields.COMPLETE,
                DraftFields.INCOMPLETE,
                DraftFields.OFFSET,
                DraftFields.LENGTH,
                DraftFields.LIMIT,
                DraftFields.REPR_DIGEST);
    }
}
