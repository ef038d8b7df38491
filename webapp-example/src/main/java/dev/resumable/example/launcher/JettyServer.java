// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ClassMatcher;

/**
 * Jetty, running the WAR at the root path.
 *
 * <p>Public, with JDK types in its signatures, since {@link EmbeddedServer} calls it from another class loader.
 */
public final class JettyServer implements Callable<URI>, AutoCloseable {
    /** Held here: a logger that nobody holds may be collected, and its level with it. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.eclipse.jetty"), Logger.getLogger("com.zaxxer.hikari"));

    private final Server server = new Server();
    private final ServerConnector connector;
    private final WebAppContext application = new WebAppContext();

    /**
     * Sets the server up without starting it.
     *
     * @param port 0 for any free port
     * @param work an empty directory for the unpacked application
     */
    public JettyServer(String host, int port, Path war, Path work) {
        TALKATIVE.forEach(log -> log.setLevel(Level.WARNING));
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        application.setContextPath("/");
        application.setWar(war.toString());
        application.setTempDirectory(work.toFile());
        application.setThrowUnavailableOnStartupException(true);
        // The application has its own, as it has in other containers, and must not meet half of the server's.
        application.addHiddenClassMatcher(new ClassMatcher("org.slf4j.", "META-INF.services.org.slf4j."));
        server.setHandler(application);
    }

    /** Sets an init-param of the application's context. */
    public void set(String name, String value) {
        application.setInitParameter(name, value);
    }

    /** Makes {@code /proxy/} pass requests on to another server. */
    public void passTo(String upstream) {
        application.setInitParameter("proxy.target", upstream);
    }

    /** Starts the server; returns where it listens when it accepts requests. */
    @Override
    public URI call() throws Exception {
        server.start();
        return new URI("http", null, connector.getHost(), connector.getLocalPort(), "/", null, null);
    }

    /** Stops the server and the application. */
    @Override
    public void close() throws Exception {
        server.stop();
    }
}
