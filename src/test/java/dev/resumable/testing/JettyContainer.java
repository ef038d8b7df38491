// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with the default servlet as the {@code webdefault-ee10.xml} of its distribution sets it up. */
final class JettyContainer implements EmbeddedContainer {
    private static final Map<String, String> WEBDEFAULT = Map.of(
            "acceptRanges", "true",
            "dirAllowed", "true",
            "welcomeServlets", "false",
            "redirectWelcome", "false",
            "maxCacheSize", "256000000",
            "maxCachedFileSize", "200000000",
            "maxCachedFiles", "2048",
            "etags", "false",
            "useFileMappedBuffer", "true");

    private final Server server;
    private final int port;
    private final String contextPath;
    private final TemporaryDirectory files;

    private JettyContainer(Server server, int port, String contextPath, TemporaryDirectory files) {
        this.server = server;
        this.port = port;
        this.contextPath = contextPath;
        this.files = files;
    }

    static EmbeddedContainer start(WebApp app) {
        TemporaryDirectory files = TemporaryDirectory.create("jetty");
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        ServletContextHandler context = context(app, files);
        server.setHandler(context);
        app.apply(server, context);
        try {
            server.start();
            return new JettyContainer(server, connector.getLocalPort(), app.contextPath(), files);
        } catch (Exception e) {
            stop(server, files);
            throw new IllegalStateException("Jetty did not start", e);
        }
    }

    private static ServletContextHandler context(WebApp app, TemporaryDirectory files) {
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        // As a WebAppContext does.
        context.setProtectedTargets(new String[] {"/WEB-INF", "/META-INF"});
        context.setContextPath(app.contextPath().isEmpty() ? "/" : app.contextPath());
        context.setTempDirectory(files.directory("work").toFile());
        Path root = app.documentRoot().orElseGet(() -> files.directory("root"));
        context.setBaseResourceAsPath(root);
        context.setWelcomeFiles(new String[] {"index.html", "index.htm"});
        ServletHolder servlet = new ServletHolder("default", DefaultServlet.class);
        servlet.setInitParameters(WEBDEFAULT);
        servlet.setInitOrder(0);
        context.addServlet(servlet, "/");
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        app.statusPages().forEach(pages::addErrorPage);
        app.exceptionPages().forEach(pages::addErrorPage);
        context.setErrorHandler(pages);
        context.addServletContainerInitializer(app.initializer());
        return context;
    }

    @Override
    public ContainerKind kind() {
        return ContainerKind.JETTY;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + port + contextPath + "/");
    }

    @Override
    public void close() {
        stop(server, files);
    }

    private static void stop(Server server, TemporaryDirectory files) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        } finally {
            files.close();
        }
    }
}
