// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.AnswersRanges;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves a directory of the file system: every file can be resumed, seeked in and revalidated.
 *
 * <p>Map it to {@code /files/*}, to {@code /}, to an extension or to an exact path; what follows the mapping (or, without a
 * rest, the servlet path) names a file in the directory. Configuration: {@link FilesConfig}, by init-params or by
 * constructor.
 *
 * <ul>
 *   <li>GET and HEAD answer with the file as {@link dev.resumable.content.ContentResponse} does. There is no
 *       Content-Disposition, so a browser shows what it can; {@code ?download} asks it to save the file under its own name,
 *       {@code ?download=other.name} under another one.
 *   <li>A directory answers with an index file or, where that is switched on, with a listing: HTML, or JSON where the
 *       Accept field prefers {@code application/json}. Without a slash at the end it redirects to the path with one.
 *   <li>All else is 404: what is not there, what must not be shown, and what the process may not read. A client cannot tell
 *       these apart, so that nobody can find out names by asking.
 *   <li>OPTIONS tells the methods; every other method is 405.
 * </ul>
 *
 * <p>HTML and SVG files may contain scripts, which run with the rights of the whole origin. Serve what strangers have
 * uploaded from a host of its own, or with {@code content-security-policy} set to {@code sandbox}.
 *
 * <p>A listing is built in memory, some hundred bytes for each entry, since its entity-tag is that of its bytes.
 */
public class FileServlet extends HttpServlet implements AnswersRanges {

    private static final long serialVersionUID = 1L;
    private static final String ALLOWED_METHODS = "GET, HEAD, OPTIONS";

    private final transient Optional<FilesConfig> given;
    private transient @Nullable FileAnswers answers;

    /** For containers: the configuration comes from the init-params. */
    public FileServlet() {
        this.given = Optional.empty();
    }

    /** For code: init-params are not read. */
    public FileServlet(FilesConfig config) {
        this.given = Optional.of(config);
    }

    /** Starts; a malformed or unknown init-param is a {@link ServletException} that names it. */
    @Override
    public void init() throws ServletException {
        try {
            FilesConfig config =
                    given.isPresent() ? given.get() : FilesConfig.from(InitParameters.of(getServletConfig()));
            answers = FileAnswers.start(config, getServletContext());
        } catch (IllegalArgumentException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    /** Answers by the request method; see the class. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        FileAnswers running = answers;
        if (running == null) {
            throw new ServletException("not started");
        }
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            // Before the method is looked at: containers before Servlet 6.1 leave it that of the failed request.
            running.errorPage(request, response);
            return;
        }
        switch (request.getMethod()) {
            case "GET", "HEAD" -> running.answer(request, response);
            case "OPTIONS" -> response.setHeader("Allow", ALLOWED_METHODS);
            default -> {
                response.setHeader("Allow", ALLOWED_METHODS);
                response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            }
        }
    }

    /** Ends background work. */
    @Override
    public void destroy() {
        if (answers != null) {
            answers.close();
            answers = null;
        }
    }
}
