// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.DigestFields;
import dev.resumable.servlet.JettyConnection;
import dev.resumable.upload.DraftVersion.Completeness;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The answer to one request, in the words of its version of the IETF draft.
 *
 * @param exchange the request
 * @param version its version
 * @param limits what it may be told of the limits
 */
record DraftAnswer(UploadExchange exchange, DraftVersion version, DraftLimits limits) {

    private static final int UPLOAD_RESUMPTION_SUPPORTED = 104;

    /**
     * Tells where an upload is while its bytes still come, by an interim response (-11 §4.2.2), where the container can.
     *
     * <p>There is none to a client of another interop version, or of none (-11, Draft Version Identification), and none to a
     * client of HTTP/1.0 (RFC 9110 §15.2).
     */
    void announced(UploadState state) {
        OptionalLong number = DraftVersion.exactNumber(exchange);
        if (number.isEmpty() || !exchange.request().getProtocol().equals("HTTP/1.1")) {
            return;
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put(DraftFields.VERSION, List.of(Long.toString(number.getAsLong())));
        fields.put("Location", List.of(exchange.path(state.id())));
        fields.put(DraftFields.LIMIT, List.of(limits.forUpload(version, timeLeft(state))));
        // Whoever never gets it knows where the upload is only later.
        JettyConnection.interim(exchange.response(), UPLOAD_RESUMPTION_SUPPORTED, fields)
                .exceptionally(failure -> null);
    }

    /** An upload that waits for bytes. */
    void created(UploadState state) {
        exchange.response().setHeader("Location", exchange.path(state.id()));
        incomplete(state);
        exchange.answer(HttpServletResponse.SC_CREATED);
    }

    /** Bytes were appended, and more will follow. */
    void advanced(UploadState state) {
        incomplete(state);
        exchange.answer(version.appended());
    }

    private void incomplete(UploadState state) {
        offset(state.offset());
        say(Completeness.INCOMPLETE);
        limit(state);
    }

    /**
     * The upload has become a file.
     *
     * @param location the upload, to the request that created it, else the file
     */
    void completed(Completed completed, String location) throws IOException {
        HttpServletResponse response = exchange.response();
        response.setHeader("Location", location);
        offset(completed.state().offset());
        say(Completeness.COMPLETE);
        limit(completed.state());
        digest(completed.state());
        exchange.answer(
                HttpServletResponse.SC_CREATED,
                PartsDocument.complete(
                        completed.file(), exchange.path(completed.file().id())));
    }

    /** The fields that tell how far an upload is. */
    void describe(UploadState state) {
        offset(state.offset());
        say(state.status() == UploadStatus.COMPLETE ? Completeness.COMPLETE : Completeness.INCOMPLETE);
        state.length().ifPresent(length -> exchange.response().setHeader(DraftFields.LENGTH, Long.toString(length)));
        limit(state);
        digest(state);
    }

    /** Something failed that is about the upload. */
    void failed(Failed failed) throws IOException {
        failed(failed, Completeness.INCOMPLETE);
    }

    /** An append came to an upload that is complete. */
    void tooLate(Failed failed) throws IOException {
        // Later than -11, the field tells whether an answer is that of the resource which the upload was for.
        failed(failed, version.isBefore(DraftVersion.V8) ? Completeness.COMPLETE : Completeness.INCOMPLETE);
    }

    /** Something failed. */
    void failed(Failed failed, Completeness completeness) throws IOException {
        Failed said = inWordsOfTheDraft(failed);
        if (failed.problem() != UploadProblem.NOT_FOUND && failed.problem() != UploadProblem.WRONG_PROTOCOL) {
            say(completeness);
        }
        for (String member : new String[] {"expected-offset", "offset"}) {
            if (said.members().get(member) instanceof Long offset) {
                offset(offset);
            }
        }
        if (said.status() == HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE) {
            exchange.response().setHeader(DraftFields.LIMIT, limits.forAll(version));
        }
        exchange.answer(said);
    }

    private static Failed inWordsOfTheDraft(Failed failed) {
        return switch (failed.problem()) {
            case OFFSET_MISMATCH -> as(UploadProblem.MISMATCHING_UPLOAD_OFFSET, failed);
            case INCONSISTENT_LENGTH, PARTS_MISSING -> as(UploadProblem.INCONSISTENT_UPLOAD_LENGTH, failed);
            case ALREADY_COMPLETE -> as(UploadProblem.COMPLETED_UPLOAD, failed);
            case TOO_LARGE -> isBeyondLength(failed) ? as(UploadProblem.INCONSISTENT_UPLOAD_LENGTH, failed) : failed;
            default -> failed;
        };
    }

    /** Whether a body was longer than the length that its client has announced. */
    static boolean isBeyondLength(Failed failed) {
        return failed.problem() == UploadProblem.TOO_LARGE && failed.members().containsKey("length");
    }

    private static Failed as(UploadProblem problem, Failed failed) {
        return UploadOutcome.failed(problem, failed.detail(), failed.members());
    }

    private void offset(long offset) {
        exchange.response().setHeader(DraftFields.OFFSET, Long.toString(offset));
    }

    private void say(Completeness completeness) {
        exchange.response().setHeader(version.completenessField(), version.completeness(completeness));
    }

    private void limit(UploadState state) {
        exchange.response().setHeader(DraftFields.LIMIT, limits.forUpload(version, timeLeft(state)));
    }

    private static Duration timeLeft(UploadState state) {
        return Duration.between(Instant.now(), state.expires());
    }

    /** The hash of the whole (RFC 9530 §4), where it is wanted. */
    private void digest(UploadState state) {
        boolean isWanted = DraftCreation.wantsDigest(state.plan())
                || DigestFields.wantsSha256(exchange.fields().lines(DraftFields.WANT_REPR_DIGEST));
        state.sha256()
                .filter(hash -> isWanted)
                .ifPresent(hash -> exchange.response()
                        .setHeader(
                                DraftFields.REPR_DIGEST,
                                DigestFields.sha256(HexFormat.of().parseHex(hash))));
    }
}
