// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.content.PassesRanges;
import dev.resumable.proxy.ProxyExchange.BrokenOff;
import dev.resumable.proxy.ProxyExchange.Ending;
import dev.resumable.servlet.Container;
import dev.resumable.servlet.InitParameters;
import dev.resumable.servlet.ResetOnClose;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy: passes requests on to another server and streams the answers back, from the first byte, with flat memory.
 *
 * <p>Map it to {@code /proxy/*}, to {@code /}, to an extension or to an exact path, with async support: a slow client then holds
 * none of the container's threads. Configuration: {@link ProxyConfig}, by init-params or by constructor. It needs Apache
 * HttpClient 5 on the class path.
 *
 * <ul>
 *   <li>Path and query go out byte by byte; the path never leaves that of the target.
 *   <li>Ranges, conditions, codings and validators pass as they are. Redirects are not followed, nothing is decoded.
 *   <li>An answer that the upstream server breaks goes on by a range request, if it has a strong entity-tag and a length.
 *   <li>Behind a {@code RangeServletFilter} a server without range support becomes resumable, and one with it answers ranges
 *       itself.
 *   <li>What cannot be mended is 502, 503 or 504 ({@link ProxyProblem}) before the answer has begun, and after that a broken
 *       connection: never an answer that looks complete and is not.
 * </ul>
 */
public class ProxyServlet extends HttpServlet implements PassesRanges {

    private static final long serialVersionUID = 1L;

    private final transient Optional<ProxyConfig> given;
    private transient @Nullable RunningProxy proxy;

    /** For containers: the configuration comes from the init-params. */
    public ProxyServlet() {
        this.given = Optional.empty();
    }

    /** For code: init-params are not read. */
    public ProxyServlet(ProxyConfig config) {
        this.given = Optional.of(config);
    }

    /** Starts; a malformed or unknown init-param, or a missing HTTP client, is a {@link ServletException} that says so. */
    @Override
    public void init() throws ServletException {
        try {
            ProxyConfig config =
                    given.isPresent() ? given.get() : ProxyParameters.read(InitParameters.of(getServletConfig()));
            proxy = start(config);
        } catch (IllegalArgumentException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    /** For tests, which bring servers and addresses of their own. */
    RunningProxy start(ProxyConfig config) {
        return RunningProxy.start(config);
    }

    /** Passes a request on, whatever its method. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Optional<IOException> failure = AsyncRelay.failureOf(request);
        if (failure.isPresent()) {
            breakOff(request, response, failure.get());
        }
        RunningProxy running = proxy;
        if (running == null) {
            throw new ServletException("not started");
        }
        if (!running.threads().enter()) {
            ProblemAnswer.give(running.config().hooks(), request, response, ProxyProblem.OVERLOADED);
        } else if (AsyncRelay.isPossible(request, getServletName())) {
            AsyncRelay.start(running, request, response);
        } else {
            relayHere(running, request, response);
        }
    }

    private static void relayHere(RunningProxy running, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            Ending ending = new ProxyExchange(running, request, response).run();
            if (ending instanceof BrokenOff brokenOff) {
                breakOff(request, response, brokenOff.failure());
            }
        } finally {
            running.threads().leave();
        }
    }

    /** By an exception out of service(), which every container but one takes for what it is. */
    private static void breakOff(HttpServletRequest request, HttpServletResponse response, IOException failure)
            throws IOException {
        ResetOnClose.arm(request, response);
        Container.breakOff(response);
        throw failure;
    }

    /** Breaks off what runs and closes all connections. */
    @Override
    public void destroy() {
        if (proxy != null) {
            proxy.close();
            proxy = null;
        }
    }
}
