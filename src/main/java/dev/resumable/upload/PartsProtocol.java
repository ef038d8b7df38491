// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.UploadOutcome.Resumed;
import dev.resumable.upload.UploadOutcome.Stored;
import dev.resumable.upload.UploadTarget.CompletionOf;
import dev.resumable.upload.UploadTarget.Files;
import dev.resumable.upload.UploadTarget.OneFile;
import dev.resumable.upload.UploadTarget.PartOf;
import dev.resumable.upload.UploadTarget.Root;
import dev.resumable.upload.UploadTarget.Upload;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parts API: JSON documents, and parts of one size that may come in any order and side by side.
 *
 * <p>It has no fields of its own by which it could be recognised, so it is asked last.
 */
final class PartsProtocol implements UploadProtocol {

    static final String NAME = "parts";

    private static final int MAX_DOCUMENT = 64 << 10;

    private final UploadEngine engine;
    private final UploadConfig config;
    private final StoredFiles files;
    private final UploadConditions conditions;

    PartsProtocol(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
        this.files = new StoredFiles(engine);
        this.conditions = new UploadConditions(engine, NAME);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean recognises(UploadExchange exchange) {
        // What an HTML form can send is not a creation.
        return !(exchange.target() instanceof Root)
                || !exchange.method().equals("POST")
                || exchange.mediaType().equals("application/json");
    }

    @Override
    public void handle(UploadExchange exchange) throws IOException {
        UploadTarget target = exchange.target();
        String method = exchange.method();
        if (target instanceof Root) {
            on(exchange, method, Map.of("POST", this::create));
        } else if (target instanceof Upload upload) {
            on(
                    exchange,
                    method,
                    Map.of(
                            "GET",
                            x -> show(upload.id(), x),
                            "DELETE",
                            x -> conditions.ifMeant(upload.id(), x, this::cancel)));
        } else if (target instanceof PartOf part) {
            on(exchange, method, Map.of("PUT", x -> put(part, x), "POST", x -> post(part, x)));
        } else if (target instanceof CompletionOf completion) {
            on(exchange, method, Map.of("POST", x -> conditions.ifMeant(completion.id(), x, this::complete)));
        } else if (target instanceof Files) {
            on(exchange, method, Map.of("GET", files::list));
        } else if (target instanceof OneFile file) {
            on(
                    exchange,
                    method,
                    Map.of("GET", x -> files.send(file.id(), x), "DELETE", x -> files.remove(file.id(), x)));
        } else {
            exchange.answer(UploadOutcome.notFound());
        }
    }

    @FunctionalInterface
    private interface Action {
        void run(UploadExchange exchange) throws IOException;
    }

    private void on(UploadExchange exchange, String method, Map<String, Action> actions) throws IOException {
        // A HEAD is a GET whose body stays here.
        Action action = actions.get(method.equals("HEAD") ? "GET" : method);
        if (action != null) {
            action.run(exchange);
        } else if (exchange.target() instanceof Upload upload) {
            refuseMethod(upload.id(), exchange, actions.keySet());
        } else {
            methodNotAllowed(exchange, actions.keySet());
        }
    }

    /** An upload of another protocol says what the request lacks; one of this protocol has no such method. */
    private void refuseMethod(UploadId id, UploadExchange exchange, Set<String> methods) throws IOException {
        UploadOutcome outcome = engine.look(id, exchange.owner());
        if (outcome instanceof Found found && !found.state().plan().protocol().equals(NAME)) {
            exchange.answer(UploadEngine.wrongProtocol(found.state()));
        } else if (outcome instanceof Failed failed) {
            exchange.answer(failed);
        } else {
            methodNotAllowed(exchange, methods);
        }
    }

    private static void methodNotAllowed(UploadExchange exchange, Set<String> methods) throws IOException {
        exchange.response().setHeader("Allow", allow(methods));
        exchange.answer(UploadOutcome.failed(
                UploadProblem.METHOD_NOT_ALLOWED, "This resource has the methods " + allow(methods) + "."));
    }

    private static String allow(Set<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.add("OPTIONS");
        if (methods.contains("GET")) {
            all.add("HEAD");
        }
        return String.join(", ", all);
    }

    // ---- uploads

    private void create(UploadExchange exchange) throws IOException {
        if (exchange.hasField("Content-Encoding")) {
            // RFC 9110 §15.5.16: the answer tells which codings are taken.
            exchange.response().setHeader("Accept-Encoding", "identity");
            exchange.answer(UploadOutcome.failed(
                    UploadProblem.UNSUPPORTED_MEDIA_TYPE, "The document comes without Content-Encoding."));
            return;
        }
        DocumentSink document = new DocumentSink(MAX_DOCUMENT, json -> create(json, exchange.owner()));
        BodyReception.receive(exchange, document, engine.running(), outcome -> answer(outcome, exchange));
    }

    private UploadOutcome create(byte[] json, String owner) {
        CreationDocument.Reading reading = CreationDocument.read(json);
        if (!(reading instanceof CreationDocument.Reading.Understood understood)) {
            return ((CreationDocument.Reading.Malformed) reading).failed();
        }
        CreationDocument document = understood.document();
        long wish = document.partSize().orElse(config.partSize());
        UploadPlan plan = new UploadPlan(
                owner,
                NAME,
                document.fileName(),
                Optional.empty(),
                document.sha256(),
                Optional.of(PartLayout.fitting(document.size(), wish)),
                Completion.ASKED,
                Map.of(),
                Instant.now());
        return Attempt.outcomeOf(() -> engine.create(plan, OptionalLong.of(document.size())));
    }

    private void show(UploadId id, UploadExchange exchange) throws IOException {
        answer(engine.look(id, exchange.owner()), exchange);
    }

    private void cancel(UploadId id, UploadExchange exchange) throws IOException {
        answer(engine.cancel(id, exchange.owner(), NAME), exchange);
    }

    private void complete(UploadId id, UploadExchange exchange) throws IOException {
        Attempt work = () -> engine.complete(id, exchange.owner(), NAME);
        if (!FormRequest.isOneUnlessEmpty(exchange)) {
            answer(work.run(), exchange);
        } else {
            NoContent.require(
                    exchange, engine.running(), FormRequest.refusal(), work, outcome -> answer(outcome, exchange));
        }
    }

    // ---- parts

    private void put(PartOf part, UploadExchange exchange) throws IOException {
        if (exchange.hasField("Content-Range")) {
            // RFC 9110 §14.5: a server that does not do partial PUT must refuse it.
            exchange.answer(UploadOutcome.failed(
                    UploadProblem.MALFORMED_REQUEST, "A part is put whole, without Content-Range."));
            return;
        }
        PartDigests digests = PartDigests.of(exchange.fields().lines("Content-Digest"), config.digests());
        if (digests.problem().isPresent()) {
            exchange.answer(digests.problem().get());
            return;
        }
        Reception reception = engine.part(
                part.id(),
                exchange.owner(),
                NAME,
                new PartRequest(
                        part.number(),
                        exchange.contentLength(),
                        digests.beforeBody(),
                        UploadConditions.ofPart(exchange)));
        if (reception instanceof Reception.Open open) {
            BodyReception.receive(exchange, open.sink(), engine.running(), outcome -> answer(outcome, exchange));
        } else {
            answer(((Reception.Refused) reception).outcome(), exchange);
        }
    }

    private void post(PartOf part, UploadExchange exchange) throws IOException {
        if (exchange.mediaType().equals("multipart/form-data")) {
            new PartForm(engine, config).receive(part, exchange, outcome -> answer(outcome, exchange));
        } else {
            exchange.answer(UploadOutcome.failed(
                    UploadProblem.UNSUPPORTED_MEDIA_TYPE,
                    "A part is posted as multipart/form-data, in a field \"file\"."));
        }
    }

    // ---- answers

    private void answer(UploadOutcome outcome, UploadExchange exchange) throws IOException {
        if (outcome instanceof Created created) {
            exchange.response()
                    .setHeader("Location", exchange.path(created.state().id()));
            exchange.answer(HttpServletResponse.SC_CREATED, PartsDocument.of(created.state()));
        } else if (outcome instanceof Resumed resumed) {
            exchange.response()
                    .setHeader("Location", exchange.path(resumed.state().id()));
            exchange.answer(HttpServletResponse.SC_OK, PartsDocument.of(resumed.state()));
        } else if (outcome instanceof Stored stored) {
            exchange.answer(HttpServletResponse.SC_OK, alreadyStored(stored.file(), exchange));
        } else if (outcome instanceof Found found) {
            exchange.answer(HttpServletResponse.SC_OK, files.document(found.state(), exchange));
        } else if (outcome instanceof PartStored part) {
            exchange.answer(HttpServletResponse.SC_OK, PartsDocument.of(part.part()));
        } else if (outcome instanceof Completed completed) {
            exchange.response()
                    .setHeader("Location", exchange.path(completed.file().id()));
            exchange.answer(
                    HttpServletResponse.SC_CREATED,
                    PartsDocument.complete(
                            completed.file(), exchange.path(completed.file().id())));
        } else if (outcome instanceof Failed failed) {
            exchange.answer(failed);
        } else {
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    private static Map<String, Object> alreadyStored(StoredFile file, UploadExchange exchange) {
        return PartsDocument.ordered("status", "stored", "instant", true, "file", document(file, exchange));
    }

    private static Map<String, Object> document(StoredFile file, UploadExchange exchange) {
        return PartsDocument.of(file, exchange.path(file.id()));
    }

    @Override
    public void refuse(UploadExchange exchange, Failed wrongProtocol) throws IOException {
        exchange.problem(wrongProtocol);
    }

    @Override
    public void announce(UploadExchange exchange) {
        // There is nothing to announce by fields.
    }

    @Override
    public Set<String> requestFields() {
        return Set.of(
                "Content-Type",
                "Content-Digest",
                "If-Match",
                "If-None-Match",
                "If-Unmodified-Since",
                "If-Range",
                "Range");
    }

    @Override
    public Set<String> responseFields() {
        return Set.of("Location", "Retry-After", "ETag", "Content-Range", "Accept-Ranges", "Content-Disposition");
    }
}
