// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;

/** The process of one contestant in a container; it tells its port and ends with its standard input. */
final class BenchServer {

    private BenchServer() {}

    /** Takes the container, the contestant, the directory of the files, and {@code strong} for Tomcat's strong entity-tags. */
    public static void main(String[] arguments) throws IOException {
        Site site = new Site(Path.of(arguments[2]));
        WebApp app = new WebApp()
                .documentRoot(site.directory())
                .servlet(ServletEntry.of("generated", new GeneratingServlet(), "/generated")
                        .async())
                .tomcat(tomcat -> keepConnections(tomcat.getConnector()));
        if (arguments[3].equals("strong")) {
            app.tomcatContext(
                    context -> ((Wrapper) context.findChild("default")).addInitParameter("useStrongETags", "true"));
        }
        Contestant.valueOf(arguments[1]).prepare(app, site);
        try (EmbeddedContainer container = ContainerKind.valueOf(arguments[0]).start(app)) {
            System.out.println("port " + container.port());
            HeapCount.answerUntilEnd();
        }
        System.exit(0);
    }

    /** Else one is closed after a hundred requests, or while the others are warmed up, and connecting is measured. */
    private static void keepConnections(Connector connector) {
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("keepAliveTimeout", "600000");
    }
}
