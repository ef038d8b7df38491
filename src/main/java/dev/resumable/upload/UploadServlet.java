// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.AnswersRanges;
import dev.resumable.servlet.InitParameters;
import dev.resumable.upload.store.UploadStore;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes uploads that survive what happens to them: broken connections, reloaded pages, killed servers.
 *
 * <p>Map it to a path such as {@code /uploads/*}, with {@code async-supported}, so that stalled uploads hold no threads.
 * Configuration: {@link UploadConfig}, by init-params or by constructor. The protocols are described in
 * {@code docs/uploads.md}; which one a request speaks is told by its fields.
 *
 * <ul>
 *   <li>Each upload and each file has one owner: the principal of the request, or whom a trusted front server names.
 *       To others it does not exist.
 *   <li>What was acknowledged is on the disk, and its digest was right. What was not acknowledged does not count.
 *   <li>Errors are {@code application/problem+json} (RFC 9457), see {@link UploadProblem}.
 * </ul>
 */
public class UploadServlet extends HttpServlet implements AnswersRanges {

    private static final long serialVersionUID = 1L;

    private final transient Optional<UploadConfig> given;
    private final transient Optional<UploadStore> givenStore;
    private final transient UploadListener listener;
    private transient @Nullable UploadAnswers answers;

    /** For containers: the configuration comes from the init-params. */
    public UploadServlet() {
        this(Optional.empty(), Optional.empty(), new UploadListener() {});
    }

    /** For subclasses that containers start: the configuration comes from the init-params. */
    protected UploadServlet(UploadListener listener) {
        this(Optional.empty(), Optional.empty(), listener);
    }

    /** For code: init-params are not read, and everything is kept in the directory of the configuration. */
    public UploadServlet(UploadConfig config, UploadListener listener) {
        this(Optional.of(config), Optional.empty(), listener);
    }

    /** For code, with a store of its own, which {@link #destroy()} closes; directory, catalogue and fsync of the configuration are not used. */
    public UploadServlet(UploadConfig config, UploadListener listener, UploadStore store) {
        this(Optional.of(config), Optional.of(store), listener);
    }

    private UploadServlet(Optional<UploadConfig> given, Optional<UploadStore> givenStore, UploadListener listener) {
        this.given = given;
        this.givenStore = givenStore;
        this.listener = listener;
    }

    /** Starts; a malformed or unknown init-param, or a directory or database that cannot be used, is a {@link ServletException}. */
    @Override
    public void init() throws ServletException {
        try {
            UploadConfig config =
                    given.isPresent() ? given.get() : UploadConfig.from(InitParameters.of(getServletConfig()));
            UploadStore store = givenStore.isPresent() ? givenStore.get() : ConfiguredStore.open(config);
            answers = UploadAnswers.start(config, engine(config, store));
        } catch (IllegalArgumentException | IOException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    /** What does the work; there is another one for tests that cannot wait. */
    UploadEngine engine(UploadConfig config, UploadStore store) {
        return new UploadEngine(store, config, listener);
    }

    /** Answers requests of every method; overridden whole, since {@link HttpServlet} of Servlet 6.0 knows no PATCH. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        UploadAnswers running = answers;
        if (running == null) {
            throw new ServletException("not started");
        }
        running.answer(request, response);
    }

    /** Ends running requests, whose bytes are kept, and background work. */
    @Override
    public void destroy() {
        if (answers != null) {
            answers.close();
            answers = null;
        }
    }
}
