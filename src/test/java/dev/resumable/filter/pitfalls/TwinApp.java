// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One application that is deployed twice: behind a {@link RangeServletFilter}, and alone. */
final class TwinApp {

    private final List<BiConsumer<WebApp, Journal>> parts = new ArrayList<>();
    private RangeConfig config = RangeConfig.defaults();

    /** What a servlet does with a request of any method, and what it notes meanwhile. */
    @FunctionalInterface
    interface Service {
        void service(HttpServletRequest request, HttpServletResponse response, Journal journal)
                throws ServletException, IOException;
    }

    /** An application of one servlet with async support. */
    static TwinApp of(String pattern, Service service) {
        return new TwinApp().servlet(pattern, service);
    }

    /** Sets the configuration of the filter. */
    TwinApp config(RangeConfig value) {
        config = value;
        return this;
    }

    /** Adds a servlet with async support. */
    TwinApp servlet(String pattern, Service service) {
        parts.add((app, journal) ->
                app.servlet(ServletEntry.of("servlet " + pattern, new Lambda(service, journal), pattern)
                        .async()));
        return this;
    }

    /** Adds anything else that a web.xml would say. */
    TwinApp with(Consumer<WebApp> part) {
        parts.add((app, journal) -> part.accept(app));
        return this;
    }

    /** Starts both. */
    Twins start(ContainerKind kind) {
        Journal filteredJournal = new Journal();
        Journal plainJournal = new Journal();
        WebApp filtered = new WebApp();
        filtered.filter(FilterEntry.of("ranges", new RangeServletFilter(config), "/*")
                .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR)
                .async());
        WebApp plain = new WebApp();
        parts.forEach(part -> part.accept(filtered, filteredJournal));
        parts.forEach(part -> part.accept(plain, plainJournal));
        return new Twins(kind.start(filtered), filteredJournal, kind.start(plain), plainJournal);
    }

    private static final class Lambda extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient Service service;
        private final transient Journal journal;

        Lambda(Service service, Journal journal) {
            this.service = service;
            this.journal = journal;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            journal.serviceBegins();
            try {
                service.service(request, response, journal);
            } finally {
                journal.serviceEnds();
            }
        }
    }
}
