// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import org.eclipse.jetty.server.ServerConnector;

/** The process of one proxy in a container. */
final class ProxyServer {

    private ProxyServer() {}

    /** Takes the container, the contestant, and the port of the server behind. */
    public static void main(String[] arguments) throws IOException {
        WebApp app = new WebApp()
                // The turns of the others last longer than the usual 20 s.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("keepAliveTimeout", "-1"))
                .jetty(jetty -> ((ServerConnector) jetty.getConnectors()[0]).setIdleTimeout(0));
        ProxyContestant.valueOf(arguments[1]).prepare(app, Integer.parseInt(arguments[2]));
        try (EmbeddedContainer container = ContainerKind.valueOf(arguments[0]).start(app)) {
            System.out.println("port " + container.port());
            HeapCount.answerUntilEnd();
        }
        System.exit(0);
    }
}
