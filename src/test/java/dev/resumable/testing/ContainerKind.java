// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.function.Function;

/**
 * The embedded containers that every servlet test runs on, for {@code @EnumSource}.
 *
 * <pre>{@code try (EmbeddedContainer container = kind.start(app)) { container.get("/file"); }}</pre>
 */
public enum ContainerKind {
    /** Apache Tomcat 10.1: Servlet 6.0. */
    TOMCAT(TomcatContainer::start),
    /** Eclipse Jetty 12.0 with its EE 10 environment: Servlet 6.0. */
    JETTY(JettyContainer::start),
    /** Undertow 2.3: Servlet 6.0. */
    UNDERTOW(UndertowContainer::start);

    private final Function<WebApp, EmbeddedContainer> starter;

    ContainerKind(Function<WebApp, EmbeddedContainer> starter) {
        this.starter = starter;
    }

    /** Starts this container with one application and returns when it answers. */
    public EmbeddedContainer start(WebApp app) {
        QuietLogs.install();
        return starter.apply(app);
    }
}
