// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadTarget.Root;
import dev.resumable.upload.UploadTarget.Upload;
import dev.resumable.upload.store.UploadId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * tus 1.0.0, with the extensions creation, creation-with-upload, creation-defer-length, expiration, checksum, termination and
 * concatenation: an upload is appended to, and complete with the last byte of its length.
 *
 * <p>Quotations in comments are from the text of the protocol.
 */
final class TusProtocol implements UploadProtocol {

    static final String NAME = "tus";

    private static final String VERSION = "1.0.0";
    private static final String EXTENSIONS =
            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";

    private static final List<String> OWN_FIELDS = List.of(
            TusFields.LENGTH,
            TusFields.OFFSET,
            TusFields.DEFER_LENGTH,
            TusFields.METADATA,
            TusFields.CONCAT,
            TusFields.CHECKSUM);

    private final UploadEngine engine;
    private final UploadConfig config;
    private final TusUploads uploads;
    private final UploadConditions conditions;

    TusProtocol(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
        this.uploads = new TusUploads(engine, config.maxSize());
        this.conditions = new UploadConditions(engine, NAME);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(UploadExchange exchange) throws IOException {
        UploadTarget target = exchange.target();
        boolean canBe = target instanceof Root || target instanceof Upload || target instanceof UploadTarget.Nothing;
        // tus has no GET; the parts API shows uploads of all protocols.
        return canBe
                && !exchange.method().equals("GET")
                && (exchange.hasField(TusFields.RESUMABLE)
                        || isTusWithoutVersion(exchange)
                        || isHeadOfTusUpload(exchange));
    }

    /** A HEAD without any fields could be of every protocol, and is taken for one of that which created the upload. */
    private boolean isHeadOfTusUpload(UploadExchange exchange) throws IOException {
        return exchange.method().equals("HEAD")
                && exchange.target() instanceof Upload upload
                && engine.find(upload.id(), exchange.owner())
                        .filter(state -> state.plan().protocol().equals(NAME))
                        .isPresent();
    }

    /** A request that can only be of tus, now that the IETF draft has not recognised it, so that it is told what it lacks. */
    private static boolean isTusWithoutVersion(UploadExchange exchange) {
        return exchange.mediaType().equals(TusFields.BYTES)
                || OWN_FIELDS.stream().anyMatch(exchange::hasField);
    }

    @Override
    public void handle(UploadExchange exchange) throws IOException {
        exchange.response().setHeader(TusFields.RESUMABLE, VERSION);
        exchange.keepFields();
        if (!exchange.field(TusFields.RESUMABLE).equals(Optional.of(VERSION))) {
            // "MUST NOT process the request".
            unsupportedVersion(exchange);
        } else if (exchange.target() instanceof Root) {
            atRoot(exchange);
        } else if (exchange.target() instanceof Upload upload) {
            atUpload(upload.id(), exchange);
        } else {
            exchange.answer(UploadOutcome.notFound());
        }
    }

    private static void unsupportedVersion(UploadExchange exchange) throws IOException {
        exchange.response().setHeader(TusFields.VERSION, VERSION);
        exchange.problem(UploadOutcome.failed(
                UploadProblem.UNSUPPORTED_VERSION, "The request must have the field Tus-Resumable: " + VERSION + "."));
    }

    private void atRoot(UploadExchange exchange) throws IOException {
        if (exchange.method().equals("POST")) {
            uploads.create(exchange);
        } else {
            methodNotAllowed(exchange, "OPTIONS, POST");
        }
    }

    private void atUpload(UploadId id, UploadExchange exchange) throws IOException {
        switch (exchange.method()) {
            case "HEAD" -> uploads.look(id, exchange);
            case "PATCH" -> conditions.ifMeant(id, exchange, uploads::append);
            case "DELETE" -> conditions.ifMeant(id, exchange, uploads::cancel);
            default -> methodNotAllowed(exchange, "DELETE, HEAD, OPTIONS, PATCH");
        }
    }

    private static void methodNotAllowed(UploadExchange exchange, String allow) throws IOException {
        exchange.response().setHeader("Allow", allow);
        exchange.answer(UploadOutcome.failed(
                UploadProblem.METHOD_NOT_ALLOWED, "In tus this resource has the methods " + allow + "."));
    }

    // ---- what can be done

    @Override
    public void refuse(UploadExchange exchange, Failed wrongProtocol) throws IOException {
        exchange.response().setHeader(TusFields.RESUMABLE, VERSION);
        unsupportedVersion(exchange);
    }

    @Override
    public void announce(UploadExchange exchange) {
        HttpServletResponse response = exchange.response();
        response.setHeader(TusFields.RESUMABLE, VERSION);
        response.setHeader(TusFields.VERSION, VERSION);
        response.setHeader("Tus-Extension", EXTENSIONS);
        response.setHeader("Tus-Max-Size", Long.toString(config.maxSize()));
        response.setHeader("Tus-Checksum-Algorithm", TusChecksum.names());
    }

    @Override
    public Set<String> requestFields() {
        Set<String> fields = new HashSet<>(OWN_FIELDS);
        fields.addAll(List.of(TusFields.RESUMABLE, "Content-Type", "X-HTTP-Method-Override", "X-Requested-With"));
        return fields;
    }

    @Override
    public Set<String> responseFields() {
        return Set.of(
                "Location",
                TusFields.RESUMABLE,
                TusFields.VERSION,
                "Tus-Extension",
                "Tus-Max-Size",
                "Tus-Checksum-Algorithm",
                TusFields.OFFSET,
                TusFields.LENGTH,
                TusFields.DEFER_LENGTH,
                TusFields.METADATA,
                TusFields.CONCAT,
                TusFields.EXPIRES);
    }
}
