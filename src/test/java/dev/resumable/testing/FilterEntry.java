// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One {@code <filter>} of a {@link WebApp} with its mapping; the setters give the entry itself. */
public final class FilterEntry {
    private final String name;
    private final Filter filter;
    private final List<String> urlPatterns;
    private final Map<String, String> initParameters = new HashMap<>();
    private EnumSet<DispatcherType> dispatcherTypes = EnumSet.of(DispatcherType.REQUEST);
    private List<String> servletNames = List.of();
    private AsyncSupport async = AsyncSupport.OFF;

    private enum AsyncSupport {
        ON,
        OFF
    }

    private FilterEntry(String name, Filter filter, List<String> urlPatterns) {
        this.name = name;
        this.filter = filter;
        this.urlPatterns = urlPatterns;
    }

    /** Makes an entry for REQUEST without async support, as web.xml has it by default. */
    public static FilterEntry of(String name, Filter filter, String... urlPatterns) {
        return new FilterEntry(name, filter, List.of(urlPatterns));
    }

    /** Sets the dispatcher types in place of REQUEST. */
    public FilterEntry dispatchers(DispatcherType first, DispatcherType... others) {
        dispatcherTypes = EnumSet.of(first, others);
        return this;
    }

    /** Maps to servlets by name too. */
    public FilterEntry servletNames(String... names) {
        servletNames = List.of(names);
        return this;
    }

    /** Sets {@code async-supported}. */
    public FilterEntry async() {
        async = AsyncSupport.ON;
        return this;
    }

    /** Adds an init-param. */
    public FilterEntry param(String parameter, String value) {
        initParameters.put(parameter, value);
        return this;
    }

    void register(ServletContext context) {
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setInitParameters(initParameters);
        registration.setAsyncSupported(async == AsyncSupport.ON);
        if (!urlPatterns.isEmpty()) {
            registration.addMappingForUrlPatterns(dispatcherTypes, true, urlPatterns.toArray(String[]::new));
        }
        if (!servletNames.isEmpty()) {
            registration.addMappingForServletNames(dispatcherTypes, true, servletNames.toArray(String[]::new));
        }
    }
}
