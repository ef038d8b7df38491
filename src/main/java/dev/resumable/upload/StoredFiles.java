// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.ContentResponse;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.ContentDisposition;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RequestMethod;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The finished files of an owner, to list, to download and to remove. */
final class StoredFiles {

    private final UploadEngine engine;

    StoredFiles(UploadEngine engine) {
        this.engine = engine;
    }

    /** A page of the files, with the way to the next one if there is more. */
    void list(UploadExchange exchange) throws IOException {
        Reading<FilePage> reading = FilePage.read(
                Optional.ofNullable(exchange.request().getQueryString()).orElse(""));
        if (reading instanceof Reading.Malformed<FilePage> malformed) {
            exchange.answer(malformed.failed());
            return;
        }
        FilePage page = ((Reading.Understood<FilePage>) reading).value();
        // One more than asked for tells whether there is a next page.
        List<StoredFile> found = engine.store().catalogue().list(exchange.owner(), page.after(), page.limit() + 1);
        List<StoredFile> files = found.subList(0, Math.min(found.size(), page.limit()));
        Optional<String> next = found.size() > files.size()
                ? Optional.of(exchange.filesPath() + "?" + page.queryAfter(files.get(files.size() - 1)))
                : Optional.empty();
        exchange.answer(
                HttpServletResponse.SC_OK,
                PartsDocument.files(
                        files.stream()
                                .map(file -> PartsDocument.of(file, exchange.path(file.id())))
                                .toList(),
                        next));
    }

    /** An upload, and the file that it has become. */
    Map<String, Object> document(UploadState state, UploadExchange exchange) throws IOException {
        Map<String, Object> document = PartsDocument.of(state);
        if (state.status() == UploadStatus.COMPLETE && engine.fileOf(state) instanceof Completed completed) {
            StoredFile file = completed.file();
            document.put("file", PartsDocument.of(file, exchange.path(file.id())));
        }
        return document;
    }

    /** Sends a file as {@link ContentResponse} does, so that it can be resumed; strangers' bytes are never shown in the page. */
    void send(FileId id, UploadExchange exchange) throws IOException {
        Optional<StoredFile> file = engine.file(id, exchange.owner());
        if (file.isEmpty()) {
            exchange.answer(UploadOutcome.notFound());
            return;
        }
        HttpServletResponse response = exchange.response();
        response.setHeader(
                "Content-Disposition", ContentDisposition.attachment(file.get().fileName()));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        response.setHeader("Cache-Control", "private, no-cache");
        try {
            ContentResponse.defaults()
                    .send(new StoredContent(file.get(), engine.store().bodies()), exchange.request(), response);
        } catch (NoSuchFileException e) {
            // Removed a moment ago; nothing was sent yet.
            exchange.beginAgain();
            exchange.answer(UploadOutcome.notFound());
        }
    }

    /** Removes a file, unless the conditions of the request are those of another one (RFC 9110 §13.2). */
    void remove(FileId id, UploadExchange exchange) throws IOException {
        Optional<StoredFile> file = engine.file(id, exchange.owner());
        if (file.isPresent() && !isMeant(file.get(), exchange)) {
            exchange.answer(UploadOutcome.failed(
                    UploadProblem.PRECONDITION_FAILED, "The file is not in the state that the request is for."));
        } else if (engine.removeFile(id, exchange.owner()) instanceof Failed failed) {
            exchange.answer(failed);
        } else {
            exchange.answer(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    private boolean isMeant(StoredFile file, UploadExchange exchange) {
        ConditionalRequest conditions = ConditionalRequest.parse(exchange.fields());
        StoredContent current = new StoredContent(file, engine.store().bodies());
        return Preconditions.evaluate(conditions, current.validators(), RequestMethod.OTHER)
                instanceof Preconditions.Proceed;
    }
}
