// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;

/**
 * The embedded containers that every servlet test runs on, for {@link ContainerSource}.
 *
 * <pre>{@code try (EmbeddedContainer container = kind.start(app)) { container.get("/file"); }}</pre>
 */
public enum ContainerKind {
    /** Apache Tomcat 10.1: Servlet 6.0; in the profile {@code servlet-6.1} Tomcat 11.0: Servlet 6.1. */
    TOMCAT(TomcatContainer::start),
    /** Eclipse Jetty 12.0 with its EE 10 environment: Servlet 6.0; in the profile {@code servlet-6.1} Jetty 12.1. */
    JETTY(app -> JettyContainer.start(app, JettyEnvironment.EE10)),
    /** Eclipse Jetty 12.1 with its EE 11 environment: Servlet 6.1; in the profile {@code servlet-6.1} only. */
    JETTY_EE11(app -> JettyContainer.start(app, JettyEnvironment.EE11)),
    /** Undertow 2.3: Servlet 6.0. The profile {@code servlet-6.1} has the same, and leaves it out. */
    UNDERTOW(UndertowContainer::start);

    private final Function<WebApp, EmbeddedContainer> starter;

    ContainerKind(Function<WebApp, EmbeddedContainer> starter) {
        this.starter = starter;
    }

    /** Gives the containers of this build. */
    public static List<ContainerKind> running() {
        return JettyEnvironment.EE11.isThere() ? List.of(TOMCAT, JETTY, JETTY_EE11) : List.of(TOMCAT, JETTY, UNDERTOW);
    }

    /** True for Jetty in any environment. */
    public boolean isJetty() {
        return this == JETTY || this == JETTY_EE11;
    }

    /** Starts this container with one application and returns when it answers. */
    public EmbeddedContainer start(WebApp app) {
        Assumptions.assumeTrue(running().contains(this), () -> this + " is not of this build");
        QuietLogs.install();
        return starter.apply(app);
    }
}
