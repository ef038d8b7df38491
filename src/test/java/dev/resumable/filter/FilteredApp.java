// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A web application behind a {@link RangeServletFilter}, with servlets given as lambdas. */
public final class FilteredApp {

    private final WebApp app = new WebApp();

    private FilteredApp(FilterEntry filter) {
        app.filter(filter);
    }

    private static FilterEntry ranges(RangeServletFilter filter) {
        return FilterEntry.of("ranges", filter, "/*")
                .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR)
                .async();
    }

    /** Behind a filter with default settings. */
    public static FilteredApp create() {
        return new FilteredApp(ranges(new RangeServletFilter()));
    }

    /** Behind a filter with these settings. */
    public static FilteredApp with(RangeConfig config) {
        return new FilteredApp(ranges(new RangeServletFilter(config)));
    }

    /** Behind this filter, in front of which stands another. */
    public static FilteredApp behind(FilterEntry outer, RangeServletFilter filter) {
        FilteredApp behind = new FilteredApp(outer);
        behind.app.filter(ranges(filter));
        return behind;
    }

    /** Behind this filter, and none of ours. */
    public static FilteredApp behind(FilterEntry outer) {
        return new FilteredApp(outer);
    }

    /** What a servlet does with a request of any method. */
    @FunctionalInterface
    public interface Service {
        void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    /** Adds a servlet with async support. */
    public FilteredApp servlet(String pattern, Service service) {
        app.servlet(ServletEntry.of("servlet " + pattern, new Lambda(service), pattern)
                .async());
        return this;
    }

    public WebApp app() {
        return app;
    }

    private static final class Lambda extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient Service service;

        Lambda(Service service) {
            this.service = service;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            service.service(request, response);
        }
    }
}
