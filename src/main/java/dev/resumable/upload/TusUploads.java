// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.HttpDate;
import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What tus does with uploads, request by request: create, look, append, terminate. */
final class TusUploads {

    /** "460 Checksum Mismatch", a status of tus alone. */
    private static final int CHECKSUM_MISMATCH = 460;

    /** What has failed on our side is worth another try; a store that is away is seldom back at once. */
    private static final String RETRY_SECONDS = "5";

    private final UploadEngine engine;
    private final long maxSize;
    /** Of pieces to wholes, which are copied. */
    private final LongWork joins = new LongWork();

    TusUploads(UploadEngine engine, long maxSize) {
        this.engine = engine;
        this.maxSize = maxSize;
    }

    // ---- creation

    void create(UploadExchange exchange) throws IOException {
        Reading<TusCreation> reading = TusCreation.read(exchange);
        if (reading instanceof Reading.Malformed<TusCreation> malformed) {
            exchange.answer(malformed.failed());
            return;
        }
        TusCreation creation = ((Reading.Understood<TusCreation>) reading).value();
        boolean sendsBytes = exchange.mediaType().equals(TusFields.BYTES);
        if (creation.concat() instanceof TusConcat.Final whole) {
            join(creation, whole, sendsBytes ? takesNoBytes() : wrongMediaType(), exchange);
        } else if (sendsBytes) {
            createWithBytes(creation, exchange);
        } else {
            NoContent.require(
                    exchange,
                    engine.running(),
                    wrongMediaType(),
                    () -> createEmpty(creation, exchange.owner()),
                    outcome -> createdWithoutBytes(outcome, exchange));
        }
    }

    private static Failed wrongMediaType() {
        return UploadOutcome.failed(
                UploadProblem.UNSUPPORTED_MEDIA_TYPE, "Bytes come with Content-Type: " + TusFields.BYTES + ".");
    }

    private void join(TusCreation creation, TusConcat.Final whole, Failed refusal, UploadExchange exchange)
            throws IOException {
        UploadPlan plan = creation.plan(exchange.owner());
        Attempt work = () -> engine.join(plan, whole.pieces());
        BodyReception.Answer answer = outcome -> createdWithoutBytes(outcome, exchange);
        if (exchange.hasContent() || exchange.isFramedByStream()) {
            // The thread that has read the end of the stream goes on.
            Attempt bounded = joins.bounded(exchange.owner(), work);
            NoContent.require(exchange, engine.running(), refusal, bounded, answer);
        } else {
            joins.run(exchange, work, answer);
        }
    }

    private static void createdWithoutBytes(UploadOutcome outcome, UploadExchange exchange) throws IOException {
        if (outcome instanceof Completed completed) {
            created(completed.state(), exchange);
        } else if (outcome instanceof Created created) {
            created(created.state(), exchange);
        } else {
            answer(outcome, exchange);
        }
    }

    private static Failed takesNoBytes() {
        return UploadOutcome.failed(
                UploadProblem.JOINED_UPLOAD, "A final upload takes no bytes but those of its pieces.");
    }

    /** One of no bytes at all is complete at once, or is not there. */
    private UploadOutcome createEmpty(TusCreation creation, String owner) throws IOException {
        UploadOutcome outcome = engine.create(creation.plan(owner), creation.length());
        if (!(outcome instanceof Created created) || !creation.isWholeAlready()) {
            return outcome;
        }
        UploadId id = created.state().id();
        try {
            UploadOutcome end = engine.complete(id, owner, TusProtocol.NAME);
            if (end instanceof Failed) {
                engine.cancel(id, owner, TusProtocol.NAME);
            }
            return end;
        } catch (IOException | RuntimeException e) {
            engine.takeBack(id, e);
            throw e;
        }
    }

    private void createWithBytes(TusCreation creation, UploadExchange exchange) throws IOException {
        Reading<BodyDigests> digests = TusFields.checksum(exchange);
        if (digests instanceof Reading.Malformed<BodyDigests> malformed) {
            exchange.answer(malformed.failed());
            return;
        }
        UploadOutcome outcome = engine.create(creation.plan(exchange.owner()), creation.length());
        if (!(outcome instanceof Created created)) {
            answer(outcome, exchange);
            return;
        }
        AppendRequest request = new AppendRequest(
                0,
                OptionalLong.empty(),
                exchange.contentLength(),
                ((Reading.Understood<BodyDigests>) digests).value(),
                Finality.OPEN);
        UploadId id = created.state().id();
        try {
            receive(id, request, exchange);
        } catch (IOException | RuntimeException e) {
            // A filter in front has begun async processing or has read the body, or the store has failed.
            engine.takeBack(id, e);
            throw e;
        }
    }

    private void receive(UploadId id, AppendRequest request, UploadExchange exchange) throws IOException {
        Reception reception = engine.append(id, exchange.owner(), TusProtocol.NAME, request);
        if (reception instanceof Reception.Open open) {
            BodyReception.receive(exchange, open.sink(), engine.running(), end -> createdWithBytes(id, end, exchange));
        } else {
            createdWithBytes(id, ((Reception.Refused) reception).outcome(), exchange);
        }
    }

    private void createdWithBytes(UploadId id, UploadOutcome outcome, UploadExchange exchange) throws IOException {
        if (outcome instanceof Advanced advanced) {
            exchange.response().setHeader(TusFields.OFFSET, offset(advanced.state()));
            created(advanced.state(), exchange);
        } else if (outcome instanceof Completed completed) {
            exchange.response().setHeader(TusFields.OFFSET, offset(completed.state()));
            created(completed.state(), exchange);
        } else if (outcome instanceof Failed failed) {
            giveUp(id, exchange, failed);
        } else {
            answer(outcome, exchange);
        }
    }

    /** An upload whose creation has failed after all goes away, unless bytes were kept: then its client may go on. */
    private void giveUp(UploadId id, UploadExchange exchange, Failed failed) throws IOException {
        Optional<UploadState> left = engine.find(id, exchange.owner());
        if (left.isPresent() && left.get().offset() > 0) {
            exchange.response().setHeader("Location", exchange.path(id));
            if (!left.get().awaitsFile()) {
                exchange.response().setHeader(TusFields.OFFSET, offset(left.get()));
            }
        } else {
            engine.cancel(id, exchange.owner(), TusProtocol.NAME);
        }
        answer(failed, exchange);
    }

    private static void created(UploadState state, UploadExchange exchange) {
        exchange.response().setHeader("Location", exchange.path(state.id()));
        expires(state, exchange.response());
        exchange.answer(HttpServletResponse.SC_CREATED);
    }

    // ---- the offset

    void look(UploadId id, UploadExchange exchange) throws IOException {
        UploadOutcome outcome = engine.look(id, exchange.owner());
        if (outcome instanceof Found found && found.state().awaitsFile()) {
            outcome = finishedIfFree(found.state());
        }
        if (outcome instanceof Found found) {
            describe(found.state(), exchange);
        } else if (outcome instanceof Completed completed) {
            describe(completed.state(), exchange);
        } else {
            answer(outcome, exchange);
        }
    }

    private static void describe(UploadState state, UploadExchange exchange) {
        HttpServletResponse response = exchange.response();
        if (!isJoined(state) || state.status() == UploadStatus.COMPLETE) {
            // Of a final upload "unless the concatenation has been successfully finished" there is none.
            response.setHeader(TusFields.OFFSET, offset(state));
        }
        if (state.length().isPresent()) {
            response.setHeader(TusFields.LENGTH, Long.toString(state.length().getAsLong()));
        } else {
            response.setHeader(TusFields.DEFER_LENGTH, "1");
        }
        Map<String, String> attributes = state.plan().attributes();
        for (String name : new String[] {TusFields.METADATA, TusFields.CONCAT}) {
            if (attributes.containsKey(name)) {
                response.setHeader(name, attributes.get(name));
            }
        }
        expires(state, response);
        exchange.answer(HttpServletResponse.SC_OK);
    }

    /**
     * Makes a file of an upload whose bytes are all there, but which could not become one yet. As long as that fails nobody is
     * told that the offset is the length: clients take that for success.
     */
    private UploadOutcome finished(UploadState state) {
        return Attempt.outcomeOf(() ->
                engine.complete(state.id(), state.plan().owner(), state.plan().protocol()));
    }

    /** The same for those who only look: another request that is at it is not waited for. */
    private UploadOutcome finishedIfFree(UploadState state) {
        return Attempt.outcomeOf(() -> engine.completeIfFree(
                state.id(), state.plan().owner(), state.plan().protocol()));
    }

    // ---- appending

    void append(UploadId id, UploadExchange exchange) throws IOException {
        Optional<UploadState> state = engine.find(id, exchange.owner());
        if (state.isEmpty()) {
            exchange.answer(UploadOutcome.notFound());
            return;
        }
        if (isJoined(state.get())) {
            // "MUST respond with the 403 Forbidden status to PATCH requests against a final upload".
            exchange.answer(takesNoBytes());
            return;
        }
        if (!exchange.mediaType().equals(TusFields.BYTES)) {
            exchange.answer(wrongMediaType());
            return;
        }
        Reading<AppendRequest> reading = TusFields.append(exchange);
        if (reading instanceof Reading.Malformed<AppendRequest> malformed) {
            exchange.answer(malformed.failed());
            return;
        }
        AppendRequest request = ((Reading.Understood<AppendRequest>) reading).value();
        Reception reception = engine.append(id, exchange.owner(), TusProtocol.NAME, request);
        if (reception instanceof Reception.Open open) {
            BodyReception.receive(exchange, open.sink(), engine.running(), outcome -> answer(outcome, exchange));
        } else {
            refused(((Reception.Refused) reception).outcome(), id, request, exchange);
        }
    }

    private void refused(UploadOutcome outcome, UploadId id, AppendRequest request, UploadExchange exchange)
            throws IOException {
        Optional<UploadState> state = engine.find(id, exchange.owner());
        if (outcome instanceof Failed failed
                && failed.problem() == UploadProblem.ALREADY_COMPLETE
                && state.isPresent()) {
            atTheEnd(state.get(), request, exchange);
        } else {
            answer(outcome, exchange);
        }
    }

    /**
     * A complete upload is at its last offset, as any other would be, and takes an empty body there. Clients that send in the
     * chunked coding, such as tus-java-client, find out that they have sent all only after they began another request.
     */
    private void atTheEnd(UploadState state, AppendRequest request, UploadExchange exchange) throws IOException {
        AppendCheck check = AppendCheck.of(state, request, maxSize, 0);
        if (check.problem().isPresent()) {
            answer(check.problem().get(), exchange);
        } else {
            DocumentSink nothing =
                    new DocumentSink(0, empty -> state.awaitsFile() ? finished(state) : new Advanced(state));
            BodyReception.receive(exchange, nothing, engine.running(), outcome -> answer(outcome, exchange));
        }
    }

    // ---- termination

    void cancel(UploadId id, UploadExchange exchange) throws IOException {
        answer(engine.cancel(id, exchange.owner(), TusProtocol.NAME), exchange);
    }

    // ---- answers

    private static void answer(UploadOutcome outcome, UploadExchange exchange) throws IOException {
        if (outcome instanceof Advanced advanced) {
            exchange.response().setHeader(TusFields.OFFSET, offset(advanced.state()));
            expires(advanced.state(), exchange.response());
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        } else if (outcome instanceof Completed completed) {
            exchange.response().setHeader(TusFields.OFFSET, offset(completed.state()));
            exchange.response()
                    .setHeader("Location", exchange.path(completed.file().id()));
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        } else if (outcome instanceof Failed failed) {
            if (failed.status() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
                exchange.response().setHeader("Retry-After", RETRY_SECONDS);
            }
            exchange.answer(failed.problem() == UploadProblem.DIGEST_MISMATCH ? withStatusOfTus(failed) : failed);
        } else {
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    private static Failed withStatusOfTus(Failed failed) {
        return new Failed(failed.problem(), CHECKSUM_MISMATCH, failed.detail(), failed.members());
    }

    private static boolean isJoined(UploadState state) {
        return state.plan().attributes().getOrDefault(TusFields.CONCAT, "").startsWith(TusConcat.FINAL);
    }

    private static String offset(UploadState state) {
        return Long.toString(state.offset());
    }

    /** Only the unfinished expire. */
    private static void expires(UploadState state, HttpServletResponse response) {
        if (state.status() == UploadStatus.OPEN) {
            response.setHeader(TusFields.EXPIRES, HttpDate.format(state.expires()));
        }
    }
}
