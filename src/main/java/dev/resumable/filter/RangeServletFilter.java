// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.filter.RangeAwareServlets.Awareness;
import dev.resumable.metrics.PassReason;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what servlets, pages, frameworks and static files send resumable: strong entity-tags, Range, If-Range and the
 * conditional fields of RFC 9110 §13 and §14.
 *
 * <p>Register it with async support for the dispatcher types REQUEST, FORWARD, ASYNC and ERROR. It acts on GET and HEAD; a
 * response that it cannot or need not make resumable passes unchanged. Configuration: {@link RangeConfig}, by init-params or
 * by constructor.
 */
public class RangeServletFilter implements Filter {

    private final Optional<RangeConfig> given;
    private @Nullable Transfers transfers;

    /** For containers: the configuration comes from the init-params. */
    public RangeServletFilter() {
        this.given = Optional.empty();
    }

    /** For code: init-params are not read. */
    public RangeServletFilter(RangeConfig config) {
        this.given = Optional.of(config);
    }

    /** Starts; a malformed or unknown init-param is a {@link ServletException} that names it. */
    @Override
    public void init(FilterConfig filterConfig) throws ServletException {
        try {
            RangeConfig config = given.isPresent() ? given.get() : RangeConfig.from(InitParameters.of(filterConfig));
            transfers = Transfers.start(config, filterConfig);
        } catch (IllegalArgumentException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Transfers running = transfers;
        if (running == null
                || !(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)
                // An included part is not a representation; that of the page around it is seen as a whole.
                || request.getDispatcherType() == DispatcherType.INCLUDE
                || RangeExchange.isBegunElsewhere(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<RangeExchange> begun = RangeExchange.begunOn(request);
        if (begun.isEmpty() && running.scope().leavesOut(httpRequest)) {
            running.diagnostics().passing(httpResponse, PassReason.EXCLUDED_PATH);
            chain.doFilter(request, response);
        } else if (request.getDispatcherType() == DispatcherType.ERROR) {
            // The error page must be whole whatever ranges and conditions the failed request had.
            chain.doFilter(
                    new ErrorPageRequest(httpRequest),
                    begun.map(exchange -> exchange.ofErrorPage(response)).orElse(response));
        } else if (begun.isPresent()) {
            begun.get().goOn(httpRequest, response, chain);
        } else if (!isRead(httpRequest)) {
            chain.doFilter(request, response);
        } else {
            Awareness awareness = running.rangeAware().of(httpRequest);
            if (isForUs(httpRequest, awareness)) {
                answer(running, httpRequest, httpResponse, awareness, chain);
            } else {
                running.diagnostics().passing(httpResponse, PassReason.RANGE_AWARE_SERVLET);
                chain.doFilter(request, response);
            }
        }
    }

    /** Plain files without the application, all else with it. */
    private static void answer(
            Transfers running,
            HttpServletRequest request,
            HttpServletResponse response,
            Awareness awareness,
            FilterChain chain)
            throws IOException, ServletException {
        ContentRequest asked = ContentRequest.of(request);
        ExchangeOutcome outcome = new ExchangeOutcome(running, asked.method(), request, response);
        boolean answered = request.getDispatcherType() == DispatcherType.REQUEST
                && new DirectAnswer(running, asked, outcome).send(request, response);
        if (!answered) {
            new RangeExchange(running, asked, outcome, request, response, awareness).run(chain);
        }
    }

    /** A servlet that hands on a HEAD would have to hand on a GET instead, for bytes that nobody wants. */
    private static boolean isForUs(HttpServletRequest request, Awareness awareness) {
        return awareness == Awareness.UNAWARE
                || (awareness == Awareness.PASSING && !request.getMethod().equals("HEAD"));
    }

    private static boolean isRead(HttpServletRequest request) {
        boolean get = request.getMethod().equals("GET");
        // A GET that becomes a WebSocket has no representation. (An offer of h2c is an ordinary GET.)
        return request.getMethod().equals("HEAD")
                || (get && !"websocket".equalsIgnoreCase(request.getHeader("Upgrade")));
    }

    /** Ends background work and removes temporary files. */
    @Override
    public void destroy() {
        if (transfers != null) {
            transfers.close();
            transfers = null;
        }
    }
}
