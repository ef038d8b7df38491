// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.DigestFields;
import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request that creates an upload, with none, some or all of its bytes.
 *
 * @param version the client's
 * @param sha256 what the client says the whole will hash to, from Repr-Digest
 * @param body what comes with the request
 */
record DraftCreation(DraftVersion version, Optional<String> sha256, AppendRequest body) {

    /** The attribute that keeps the version of the client. */
    private static final String VERSION = "draft-version";
    /** The attribute that keeps the wish to be told the hash of the whole. */
    private static final String WANTS_DIGEST = "wants-digest";

    /** Reads the fields of a request. */
    static Reading<DraftCreation> read(UploadExchange exchange) {
        DraftVersion version = DraftVersion.of(exchange);
        Optional<Finality> finality = DraftFields.finality(exchange, version);
        if (finality.isEmpty()) {
            return Reading.malformed("An upload is created with " + version.completenessField() + ", ?0 or ?1.");
        }
        Reading<Optional<String>> whole = DraftFields.wholeHash(exchange);
        if (whole instanceof Reading.Malformed<Optional<String>> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        Reading<BodyDigests> digests = DraftFields.digests(exchange);
        if (digests instanceof Reading.Malformed<BodyDigests> malformed) {
            return new Reading.Malformed<>(malformed.failed());
        }
        AppendRequest body = new AppendRequest(
                0,
                DraftFields.number(exchange, DraftFields.LENGTH),
                exchange.contentLength(),
                ((Reading.Understood<BodyDigests>) digests).value(),
                finality.get());
        if (contradictsItself(body)) {
            return new Reading.Malformed<>(UploadOutcome.failed(
                    UploadProblem.INCONSISTENT_LENGTH, "Upload-Length and Content-Length do not agree."));
        }
        Optional<String> sha256 = ((Reading.Understood<Optional<String>>) whole).value();
        return new Reading.Understood<>(new DraftCreation(version, sha256, body));
    }

    /** Asked before anything is created. */
    private static boolean contradictsItself(AppendRequest body) {
        if (body.uploadLength().isEmpty() || body.contentLength().isEmpty()) {
            return false;
        }
        long all = body.uploadLength().getAsLong();
        long first = body.contentLength().getAsLong();
        return body.finality() == Finality.LAST ? first != all : first > all;
    }

    /** The complete length: announced, or that of a body which is all (-11 §4.1.3); all that say it must say the same. */
    OptionalLong length() {
        boolean bodyTells =
                body.finality() == Finality.LAST && body.uploadLength().isEmpty();
        return bodyTells ? body.contentLength() : body.uploadLength();
    }

    /** Whether the request is there for the upload's address alone. */
    boolean isWithoutBytes() {
        return body.finality() == Finality.OPEN && body.contentLength().orElse(1) == 0;
    }

    /** What is settled with the creation. */
    UploadPlan plan(UploadExchange exchange) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(VERSION, version.name());
        if (DigestFields.wantsSha256(exchange.fields().lines(DraftFields.WANT_REPR_DIGEST))) {
            attributes.put(WANTS_DIGEST, "sha-256");
        }
        return new UploadPlan(
                exchange.owner(),
                DraftProtocol.NAME,
                fileName(exchange),
                Optional.ofNullable(exchange.request().getContentType()).flatMap(Claims::mediaType),
                sha256,
                Optional.empty(),
                Completion.ASKED,
                attributes,
                Instant.now());
    }

    /** From Content-Disposition; of {@code filename} and {@code filename*} the later one, which by RFC 6266 §5 is the better. */
    private static String fileName(UploadExchange exchange) {
        Optional<String> disposition = exchange.field("Content-Disposition");
        return Claims.fileName(disposition
                .map(value -> PartForm.parameters(value).getOrDefault("filename", ""))
                .orElse(""));
    }

    /** The version of the client that created an upload; the newest for one of another protocol. */
    static DraftVersion version(UploadPlan plan) {
        String name = plan.attributes().getOrDefault(VERSION, DraftVersion.V8.name());
        return DraftVersion.valueOf(name);
    }

    /** Whether the client that created an upload wants to be told the hash of the whole. */
    static boolean wantsDigest(UploadPlan plan) {
        return plan.attributes().containsKey(WANTS_DIGEST);
    }
}
