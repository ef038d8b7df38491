// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.filter.HiddenFields.Sight;
import dev.resumable.filter.RangeAwareServlets.Awareness;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.servlet.ServletFields;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request as the application sees it: always a GET, without ranges and conditions but for those that a default servlet is
 * to answer, with async contexts that tell us when the application has completed.
 */
final class ObservedRequest extends FieldHidingRequest {

    private final RangeExchange exchange;
    private final List<String> foreignTags;
    private final Sight sight;
    private final Optional<ShortWay> shortWay;

    ObservedRequest(
            HttpServletRequest request,
            ConditionalRequest conditions,
            RangeExchange exchange,
            Awareness awareness,
            Optional<ShortWay> shortWay) {
        super(request);
        this.shortWay = shortWay;
        this.exchange = exchange;
        this.sight = HiddenFields.sight(conditions, new ServletFields(request), awareness);
        this.foreignTags = HiddenFields.shownIfNoneMatch(conditions, new ServletFields(request));
    }

    /** Whether the servlet sees ranges and conditions, and may answer them. */
    Sight sight() {
        return sight;
    }

    @Override
    boolean hides(String name) {
        return sight == Sight.HIDDEN && super.hides(name);
    }

    @Override
    List<String> shown(String name) {
        if (name.equalsIgnoreCase("If-None-Match")) {
            // Not to a default servlet, whose own tags no client gets: it could only take a foreign tag for something
            // else.
            return exchange.isAtDefaultServlet() ? List.of() : foreignTags;
        }
        return openShortWay().map(way -> way.shown(name)).orElse(List.of());
    }

    @Override
    Optional<String> addedName() {
        return openShortWay().map(ShortWay::name);
    }

    /** Not after a forward: another servlet has dates and bytes of its own. */
    private Optional<ShortWay> openShortWay() {
        return shortWay.filter(way -> way.isOpen() && getDispatcherType() == DispatcherType.REQUEST);
    }

    /** The way of a file that is asked for in part; one that is closed too, since its field may have been seen. */
    Optional<ShortWay> shortWay() {
        return shortWay;
    }

    /** Others may answer from here on. One container shows them this request with a dispatcher type that we do not see. */
    @Override
    public @Nullable RequestDispatcher getRequestDispatcher(String path) {
        shortWay.ifPresent(ShortWay::close);
        return super.getRequestDispatcher(path);
    }

    /** GET also for HEAD: length and tag of the two must be equal (RFC 9110 §9.3.2), so the same code has to run. */
    @Override
    public String getMethod() {
        return "GET";
    }

    /** Names the wrapped pair, since some containers would hand out the response below us. */
    @Override
    public AsyncContext startAsync() {
        requireAsyncSupported();
        long before = System.nanoTime();
        AsyncContext context = super.startAsync(this, exchange.response());
        return exchange.started(context, exchange.response(), exchange.redispatchPath(this), before);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        requireAsyncSupported();
        long before = System.nanoTime();
        return exchange.started(super.startAsync(request, response), response, Optional.empty(), before);
    }

    /** One container refuses only the call without arguments, which never reaches it. */
    private void requireAsyncSupported() {
        if (!isAsyncSupported()) {
            throw new IllegalStateException("a filter or the servlet does not support async");
        }
    }

    @Override
    public HttpSession getSession() {
        requireSessionPossible();
        return super.getSession();
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        if (create) {
            requireSessionPossible();
        }
        return super.getSession(create);
    }

    /** As {@link HttpServletRequest#getSession()} has it; the container has not seen a virtual commit. */
    private void requireSessionPossible() {
        if (exchange.response().isCommitted()
                && getServletContext().getEffectiveSessionTrackingModes().contains(SessionTrackingMode.COOKIE)
                && super.getSession(false) == null) {
            throw new IllegalStateException("no session can begin after the response was committed");
        }
    }

    @Override
    public AsyncContext getAsyncContext() {
        return exchange.observe(super.getAsyncContext());
    }
}
