// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One {@code <servlet>} of a {@link WebApp} with its mappings; the setters give the entry itself. */
public final class ServletEntry {
    private final String name;
    private final Servlet servlet;
    private final List<String> urlPatterns;
    private final Map<String, String> initParameters = new HashMap<>();
    private final List<Consumer<ServletRegistration.Dynamic>> settings = new ArrayList<>();

    private ServletEntry(String name, Servlet servlet, List<String> urlPatterns) {
        this.name = name;
        this.servlet = servlet;
        this.urlPatterns = urlPatterns;
    }

    /** Makes an entry without async support, as web.xml has it by default. */
    public static ServletEntry of(String name, Servlet servlet, String... urlPatterns) {
        return new ServletEntry(name, servlet, List.of(urlPatterns));
    }

    /** Sets {@code async-supported}. */
    public ServletEntry async() {
        settings.add(registration -> registration.setAsyncSupported(true));
        return this;
    }

    /** Adds an init-param. */
    public ServletEntry param(String parameter, String value) {
        initParameters.put(parameter, value);
        return this;
    }

    /** Starts the servlet with the application, in this order. */
    public ServletEntry loadOnStartup(int order) {
        settings.add(registration -> registration.setLoadOnStartup(order));
        return this;
    }

    /** Sets the {@code multipart-config}. */
    public ServletEntry multipart(MultipartConfigElement config) {
        settings.add(registration -> registration.setMultipartConfig(config));
        return this;
    }

    void register(ServletContext context) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setInitParameters(initParameters);
        settings.forEach(setting -> setting.accept(registration));
        if (!registration.addMapping(urlPatterns.toArray(String[]::new)).isEmpty()) {
            throw new IllegalArgumentException("url pattern of " + name + " is taken already: " + urlPatterns);
        }
    }
}
