// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.nio.file.Path;

/** The container distributions that the build unpacks under {@code target/containers}, for {@code @EnumSource}. */
public enum Distribution {
    /** Apache Tomcat 10.1: Servlet 6.0. */
    TOMCAT_10_1("apache-tomcat-10.1.60", new TomcatBase()),
    /** Apache Tomcat 11.0: Servlet 6.1. */
    TOMCAT_11("apache-tomcat-11.0.25", new TomcatBase()),
    /** Eclipse Jetty 12.0 with its EE 10 environment: Servlet 6.0. */
    JETTY_12_0("jetty-home-12.0.31", new JettyBase("ee10")),
    /** Eclipse Jetty 12.1 with its EE 10 environment: Servlet 6.0. */
    JETTY_12_1("jetty-home-12.1.12", new JettyBase("ee10")),
    /** Eclipse Jetty 12.1 with its EE 11 environment: Servlet 6.1. */
    JETTY_12_1_EE11("jetty-home-12.1.12", new JettyBase("ee11"));

    private final String folder;
    private final ContainerBase base;

    Distribution(String folder, ContainerBase base) {
        this.folder = folder;
        this.base = base;
    }

    /** Gives the unpacked distribution, which stays untouched. */
    Path home() {
        return TargetDirectory.path().resolve("containers").resolve(folder);
    }

    ContainerBase base() {
        return base;
    }
}
