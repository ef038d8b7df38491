// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.AnswerReport;
import dev.resumable.content.BytesRepresentation;
import dev.resumable.content.ContentOptions.WarmUp;
import dev.resumable.content.ContentRequest;
import dev.resumable.content.ContentResponse;
import dev.resumable.content.Delivery;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileContent;
import dev.resumable.files.FilesConfig.Listing;
import dev.resumable.files.RequestPath.Ending;
import dev.resumable.files.Resource.Directory;
import dev.resumable.files.Resource.RegularFile;
import dev.resumable.http.AcceptField;
import dev.resumable.http.ContentDisposition;
import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.ServletFields;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;

/** The story of a request to a {@link FileServlet}: from its path to a file, a listing, a redirect or 404. */
final class FileAnswers implements AutoCloseable {

    private static final String HTML = "text/html;charset=UTF-8";
    private static final String JSON = "application/json";

    private final FilesConfig config;
    private final FileTree tree;
    private final ContentTypes types;
    private final EntityTagSource tags;
    private final ContentResponse door;
    private final TransferEvents events;
    private final String listingPolicy = HtmlListing.contentSecurityPolicy();

    /** A file that answers for its directory. */
    private record Index(String name, RegularFile file) {}

    private FileAnswers(FilesConfig config, ServletContext context) {
        this.config = config;
        this.tree = new FileTree(
                config.directory(), config.hiddenFiles(), config.symbolicLinks(), NameRules.ofThisPlatform());
        this.types = new ContentTypes(context);
        this.tags = EntityTagSource.of(config.answers());
        this.door = new ContentResponse(config.answers());
        this.events = TransferEvents.all(config.events().stream().toList());
    }

    /** Starts serving; {@link #close()} ends it. */
    static FileAnswers start(FilesConfig config, ServletContext context) {
        FileAnswers answers = new FileAnswers(config, context);
        if (config.answers().digestWarmUp() == WarmUp.ON) {
            answers.tree.warmUp(answers.tags);
        }
        return answers;
    }

    /** Answers GET and HEAD. */
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestPath path = RequestPath.of(request);
        try {
            Resource found = tree.find(path);
            if (found instanceof RegularFile file) {
                sendFile(file, path.lastName(), request, response);
            } else if (found instanceof Directory directory) {
                answerDirectory(path, directory, request, response);
            } else {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            }
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            // It was there a moment ago. Fields that were set for it must not label the error page.
            response.reset();
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /**
     * Answers the container that looks for an error page: the file as it is, under the status of the error.
     *
     * <p>No validators and no ranges: those of the failed request were meant for something else.
     */
    void errorPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestPath path = RequestPath.of(request);
        if (tree.find(path) instanceof RegularFile file) {
            response.setContentType(types.of(path.lastName()));
            response.setContentLengthLong(file.attributes().size());
            Files.copy(file.path(), response.getOutputStream());
        }
    }

    private void sendFile(RegularFile file, String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        config.cacheControl().ifPresent(value -> response.setHeader("Cache-Control", value));
        config.contentSecurityPolicy().ifPresent(value -> response.setHeader("Content-Security-Policy", value));
        downloadName(name, request)
                .map(ContentDisposition::attachment)
                .ifPresent(value -> response.setHeader("Content-Disposition", value));
        report(observed -> new FileContent(observed, tags)
                .send(
                        file.path(),
                        Optional.of(types.of(name)),
                        ContentRequest.of(request),
                        Delivery.of(request, response)));
    }

    /** What is sent through a door; a functional interface of its own for the exception. */
    @FunctionalInterface
    private interface Sending {
        void through(ContentResponse observed) throws IOException;
    }

    /** Tells the listener how an answer ends; what turns out not to be there has no answer of ours. */
    private void report(Sending sending) throws IOException {
        AnswerReport report = new AnswerReport(events);
        try {
            sending.through(door.observedBy(report));
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            report.broken();
            throw e;
        }
    }

    /** The name to save a file under; empty if it is not asked to be saved. */
    private static Optional<String> downloadName(String name, HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter("download"))
                .map(asked -> asked.substring(Math.max(asked.lastIndexOf('/'), asked.lastIndexOf('\\')) + 1))
                .map(asked -> asked.isBlank() ? name : asked);
    }

    private void answerDirectory(
            RequestPath path, Directory directory, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<Index> index = indexOf(path);
        if (index.isEmpty() && config.listing() == Listing.OFF) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (path.ending() == Ending.NAME) {
            redirectToSlash(request, response);
        } else if (index.isPresent()) {
            sendFile(index.get().file(), index.get().name(), request, response);
        } else {
            sendListing(new DirectoryListing(path, tree.list(path, directory)), request, response);
        }
    }

    /** The first index file that is there. */
    private Optional<Index> indexOf(RequestPath path) {
        for (String name : config.indexFiles()) {
            if (tree.find(path.child(name)) instanceof RegularFile file) {
                return Optional.of(new Index(name, file));
            }
        }
        return Optional.empty();
    }

    /**
     * Redirects to the same path with a slash, by a reference relative to what the client asked for.
     *
     * <p>It starts with "./", so that neither a path of two slashes nor a name with a colon can lead to another host or
     * scheme, and it stays true behind a gateway that moves paths.
     */
    private static void redirectToSlash(HttpServletRequest request, HttpServletResponse response) {
        String uri = request.getRequestURI();
        String segment = uri.substring(uri.lastIndexOf('/') + 1);
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        String query = Optional.ofNullable(request.getQueryString())
                .map(raw -> "?" + PathSegment.encodeQueryAgain(raw))
                .orElse("");
        // Not by sendRedirect: some containers make the reference absolute, from the Host field.
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", "./" + PathSegment.encodeAgain(name) + "/" + query);
        response.setContentLengthLong(0);
    }

    private void sendListing(DirectoryListing listing, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.addHeader("Vary", "Accept");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (prefersJson(request)) {
            sendBytes(JsonListing.write(listing), JSON, request, response);
        } else {
            response.setHeader("Content-Security-Policy", listingPolicy);
            sendBytes(HtmlListing.write(listing), HTML, request, response);
        }
    }

    private void sendBytes(byte[] bytes, String type, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        report(observed -> observed.send(BytesRepresentation.of(bytes, type), request, response));
    }

    private static boolean prefersJson(HttpServletRequest request) {
        List<String> lines = new ServletFields(request).lines("Accept");
        AcceptField accepted = AcceptField.parse(lines);
        return accepted.quality("application", "json") > accepted.quality("text", "html");
    }

    @Override
    public void close() {
        tags.close();
    }
}
