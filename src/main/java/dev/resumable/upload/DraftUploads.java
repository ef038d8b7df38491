// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.DraftVersion.Completeness;
import dev.resumable.upload.UploadConfig.Switch;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** What the IETF draft does with uploads, request by request: create, look, append, cancel. */
final class DraftUploads {

    private final UploadEngine engine;
    private final DraftLimits limits;
    private final Switch interimResponses;
    private final StoredFiles files;

    DraftUploads(UploadEngine engine, DraftLimits limits, Switch interimResponses) {
        this.engine = engine;
        this.limits = limits;
        this.interimResponses = interimResponses;
        this.files = new StoredFiles(engine);
    }

    private DraftAnswer answer(UploadExchange exchange) {
        return new DraftAnswer(exchange, DraftVersion.of(exchange), limits);
    }

    private DraftAnswer answer(UploadExchange exchange, UploadState state) {
        DraftVersion created = DraftCreation.version(state.plan());
        return new DraftAnswer(exchange, DraftVersion.of(exchange, created), limits);
    }

    // ---- creation

    void create(UploadExchange exchange) throws IOException {
        DraftAnswer answer = answer(exchange);
        Reading<DraftCreation> reading = DraftCreation.read(exchange);
        if (reading instanceof Reading.Malformed<DraftCreation> malformed) {
            answer.failed(malformed.failed());
            return;
        }
        DraftCreation creation = ((Reading.Understood<DraftCreation>) reading).value();
        UploadOutcome outcome = engine.createNew(creation.plan(exchange), creation.length());
        if (outcome instanceof Failed failed) {
            answer.failed(failed);
        } else if (outcome instanceof Created created && creation.isWithoutBytes()) {
            answer.created(created.state());
        } else if (outcome instanceof Created created) {
            receiveOrTakeBack(created.state(), creation.body(), answer);
        }
    }

    private void receiveOrTakeBack(UploadState state, AppendRequest body, DraftAnswer answer) throws IOException {
        try {
            receive(state, body, answer);
        } catch (IOException | RuntimeException e) {
            // A filter in front has begun async processing or has read the body, or the store has failed.
            engine.takeBack(state.id(), e);
            throw e;
        }
    }

    private void receive(UploadState state, AppendRequest body, DraftAnswer answer) throws IOException {
        UploadId id = state.id();
        UploadExchange exchange = answer.exchange();
        Reception reception = engine.append(id, exchange.owner(), DraftProtocol.NAME, body);
        if (reception instanceof Reception.Open open) {
            if (interimResponses == Switch.ON) {
                answer.announced(state);
            }
            BodyReception.receive(exchange, open.sink(), engine.running(), end -> createdWithBytes(id, end, answer));
        } else {
            createdWithBytes(id, ((Reception.Refused) reception).outcome(), answer);
        }
    }

    private void createdWithBytes(UploadId id, UploadOutcome outcome, DraftAnswer answer) throws IOException {
        if (outcome instanceof Advanced advanced) {
            answer.created(advanced.state());
        } else if (outcome instanceof Completed completed) {
            answer.completed(completed, answer.exchange().path(id));
        } else if (outcome instanceof Failed failed && isInterrupted(failed) && hasBytes(id, answer)) {
            // "Allowing the client to resume the upload from where it was interrupted."
            answer.exchange().response().setHeader("Location", answer.exchange().path(id));
            answer.failed(failed);
        } else if (outcome instanceof Failed failed) {
            engine.cancel(id, answer.exchange().owner(), DraftProtocol.NAME);
            answer.failed(failed, completeness(failed));
        }
    }

    /** Whether the client has done nothing wrong, and may go on. */
    private static boolean isInterrupted(Failed failed) {
        return switch (failed.problem()) {
            case INCOMPLETE_BODY, TAKEN_OVER, TOO_SLOW, SHUTTING_DOWN, STORAGE_FULL, STORE_FAILED -> true;
            // An application that could not tell may be able to the next time it is asked.
            case REFUSED -> !Completing.isDecided(failed);
            default -> false;
        };
    }

    private boolean hasBytes(UploadId id, DraftAnswer answer) throws IOException {
        return engine.find(id, answer.exchange().owner())
                .filter(state -> state.offset() > 0)
                .isPresent();
    }

    // ---- the offset

    void look(UploadId id, UploadExchange exchange) throws IOException {
        UploadOutcome outcome = engine.look(id, exchange.owner());
        if (!(outcome instanceof Found found)) {
            answer(exchange).failed((Failed) outcome);
            return;
        }
        DraftAnswer answer = answer(exchange, found.state());
        if (hasStrayFields(exchange, answer.version())) {
            answer.failed(strayFields());
        } else if (exchange.method().equals("GET")) {
            answer.describe(found.state());
            exchange.answer(HttpServletResponse.SC_OK, files.document(found.state(), exchange));
        } else {
            answer.describe(found.state());
            // -01 §5 knows no other status.
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /** Up to -08, requests to look and to cancel "MUST NOT include" the fields of an append, and are refused with them. */
    private static boolean hasStrayFields(UploadExchange exchange, DraftVersion version) {
        return version.isBefore(DraftVersion.V8)
                && (exchange.hasField(DraftFields.OFFSET) || exchange.hasField(version.completenessField()));
    }

    private static Failed strayFields() {
        return UploadOutcome.failed(
                UploadProblem.MALFORMED_REQUEST, "Offset and completeness are fields of requests that bring bytes.");
    }

    // ---- appending

    void append(UploadId id, UploadExchange exchange) throws IOException {
        Optional<UploadState> found = engine.find(id, exchange.owner());
        if (found.isEmpty()) {
            answer(exchange).failed(UploadOutcome.notFound());
            return;
        }
        UploadState state = found.get();
        if (!state.plan().protocol().equals(DraftProtocol.NAME)) {
            exchange.answer(UploadEngine.wrongProtocol(state));
            return;
        }
        DraftAnswer answer = answer(exchange);
        if (!answer.version().isBefore(DraftVersion.V6) && !exchange.mediaType().equals(DraftFields.BYTES)) {
            wrongMediaType(answer);
            return;
        }
        Reading<AppendRequest> reading = DraftFields.append(exchange, answer.version());
        if (reading instanceof Reading.Malformed<AppendRequest> malformed) {
            answer.failed(malformed.failed());
            return;
        }
        append(id, ((Reading.Understood<AppendRequest>) reading).value(), answer);
    }

    private static void wrongMediaType(DraftAnswer answer) throws IOException {
        // RFC 5789 §2.2.
        answer.exchange().response().setHeader("Accept-Patch", DraftFields.BYTES);
        answer.failed(UploadOutcome.failed(
                UploadProblem.UNSUPPORTED_MEDIA_TYPE,
                "Bytes are appended with Content-Type: " + DraftFields.BYTES + "."));
    }

    private void append(UploadId id, AppendRequest request, DraftAnswer answer) throws IOException {
        UploadExchange exchange = answer.exchange();
        Reception reception = engine.append(id, exchange.owner(), DraftProtocol.NAME, request);
        if (reception instanceof Reception.Open open) {
            BodyReception.receive(exchange, open.sink(), engine.running(), outcome -> appended(id, outcome, answer));
        } else {
            refused(id, ((Reception.Refused) reception).outcome(), request, answer);
        }
    }

    private void appended(UploadId id, UploadOutcome outcome, DraftAnswer answer) throws IOException {
        if (outcome instanceof Advanced advanced) {
            answer.advanced(advanced.state());
        } else if (outcome instanceof Completed completed) {
            completed(completed, answer);
        } else if (outcome instanceof Failed failed) {
            ended(id, failed, answer);
        }
    }

    private void ended(UploadId id, Failed failed, DraftAnswer answer) throws IOException {
        if (isTheEnd(failed, answer.version())) {
            engine.cancel(id, answer.exchange().owner(), DraftProtocol.NAME);
        }
        answer.failed(failed, completeness(failed));
    }

    private static void completed(Completed completed, DraftAnswer answer) throws IOException {
        answer.completed(completed, answer.exchange().path(completed.file().id()));
    }

    /** Whether the upload can never become a file after this. */
    private static boolean isTheEnd(Failed failed, DraftVersion version) {
        return switch (failed.problem()) {
            case REFUSED, FILE_DIGEST_MISMATCH -> Completing.isDecided(failed);
            // -11 §4.4.2: "marking the upload resource invalid"; -05 §6 only stops at the length.
            case TOO_LARGE -> DraftAnswer.isBeyondLength(failed) && version == DraftVersion.V8;
            default -> false;
        };
    }

    /** A refusal by the application is the answer of the resource that the upload was for, unless it is one that may pass. */
    private static Completeness completeness(Failed failed) {
        return failed.problem() == UploadProblem.REFUSED && Completing.isDecided(failed)
                ? Completeness.COMPLETE
                : Completeness.INCOMPLETE;
    }

    /** An append that was refused before its first byte. */
    private void refused(UploadId id, UploadOutcome outcome, AppendRequest request, DraftAnswer answer)
            throws IOException {
        Failed failed = (Failed) outcome;
        Optional<UploadState> state = engine.find(id, answer.exchange().owner());
        if (failed.problem() != UploadProblem.ALREADY_COMPLETE || state.isEmpty()) {
            ended(id, failed, answer);
        } else if (request.offset() == state.get().offset() && request.finality() == Finality.LAST) {
            replay(id, request, answer);
        } else if (request.offset() != state.get().offset() && answer.version() != DraftVersion.V6) {
            tooLate(id, AppendCheck.mismatch(state.get(), request), answer);
        } else {
            tooLate(id, failed, answer);
        }
    }

    /** An upload that takes no more bytes may not be complete yet, and may fail to become so. */
    private void tooLate(UploadId id, Failed failed, DraftAnswer answer) throws IOException {
        boolean isComplete = engine.find(id, answer.exchange().owner())
                .filter(state -> state.status() == UploadStatus.COMPLETE)
                .isPresent();
        if (isComplete) {
            answer.tooLate(failed);
        } else {
            answer.failed(failed);
        }
    }

    /**
     * Answers the last append again, whose answer was lost, if it brings no bytes.
     *
     * <p>Deviation: -04 and -05 §6 refuse it like any other (400). Their clients would take a finished upload for failed.
     */
    private void replay(UploadId id, AppendRequest request, DraftAnswer answer) throws IOException {
        UploadExchange exchange = answer.exchange();
        DocumentSink nothing = new DocumentSink(
                0, empty -> Attempt.outcomeOf(() -> engine.complete(id, exchange.owner(), DraftProtocol.NAME)));
        BodyReception.receive(exchange, nothing, engine.running(), outcome -> {
            if (outcome instanceof Completed completed) {
                completed(completed, answer);
            } else if (outcome instanceof Failed failed) {
                tooLate(id, failed.problem() == UploadProblem.TOO_LARGE ? tooMuch(request, answer) : failed, answer);
            }
        });
    }

    private static Failed tooMuch(AppendRequest request, DraftAnswer answer) {
        return answer.version() == DraftVersion.V6
                ? UploadOutcome.failed(UploadProblem.COMPLETED_UPLOAD, "The upload takes no more bytes.")
                : AppendCheck.beyond(request.offset(), OptionalLong.of(request.offset()));
    }

    // ---- cancellation

    void cancel(UploadId id, UploadExchange exchange) throws IOException {
        DraftAnswer answer = answer(exchange);
        if (hasStrayFields(exchange, answer.version())) {
            answer.failed(strayFields());
            return;
        }
        UploadOutcome outcome = engine.cancel(id, exchange.owner(), DraftProtocol.NAME);
        if (outcome instanceof Failed failed) {
            answer.failed(failed);
        } else {
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        }
    }
}
