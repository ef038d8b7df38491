// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.content.ContentOptions;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Who answers the requests. The order is that of the report; the first is what all others are compared with. */
enum Contestant {
    /** The container alone: its default servlet, or the generating servlet without any filter. */
    OWN("own"),
    /** The same behind a filter that wraps the response and does nothing else. */
    EMPTY_WRAPPER("empty wrapper"),
    /** The same behind the filter of this library. */
    RANGES("RangeServletFilter"),
    /** The same where another filter might guard the files, so that the default servlet has to run. */
    CHAIN("RangeServletFilter, static-files=chain"),
    /** The same behind Spring's filter that makes entity-tags of whole responses. */
    SPRING("Spring ShallowEtagHeaderFilter"),
    /** Files by the servlet of OmniFaces. */
    OMNIFACES("OmniFaces FileServlet"),
    /** Files by nginx, where it is installed. */
    NGINX("nginx"),
    /** Files by Go's {@code http.FileServer}, where Go is installed. */
    GO("Go http.FileServer");

    private final String title;

    Contestant(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean runsInContainer() {
        return this != NGINX && this != GO;
    }

    /** Puts into an application what makes it this contestant's. */
    void prepare(WebApp app, Site site) {
        switch (this) {
            case EMPTY_WRAPPER -> app.filter(everywhere(new EmptyWrapperFilter()));
            case RANGES -> app.filter(withFreshFiles(everywhere(new RangeServletFilter())));
            case CHAIN -> app.filter(everywhere(new RangeServletFilter()).param("static-files", "chain"));
            case SPRING -> app.filter(everywhere(new ShallowEtagHeaderFilter()));
            case OMNIFACES -> app.servlet("omnifaces", new OmniFacesFiles(site.directory()), "*.bin");
            default -> {
                // The container alone.
            }
        }
    }

    private static FilterEntry everywhere(Filter filter) {
        return FilterEntry.of("filter", filter, "/*")
                .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR)
                .async();
    }

    /** The files of a benchmark are younger than those that are given to sendfile by default. */
    private static FilterEntry withFreshFiles(FilterEntry filter) {
        boolean hasParameter = Stream.of(RangeConfig.class, ContentOptions.class)
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .anyMatch(component -> component.getName().equals("sendfileAfter"));
        return hasParameter ? filter.param("sendfile-after", "0s") : filter;
    }
}
