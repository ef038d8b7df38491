// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;

/** Jetty with the default servlet as the {@code webdefault-*.xml} of its distribution sets it up. */
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

    private final ContainerKind kind;
    private final Server server;
    private final int port;
    private final String contextPath;
    private final TemporaryDirectory files;

    private JettyContainer(ContainerKind kind, Server server, int port, String contextPath, TemporaryDirectory files) {
        this.kind = kind;
        this.server = server;
        this.port = port;
        this.contextPath = contextPath;
        this.files = files;
    }

    static EmbeddedContainer start(WebApp app, JettyEnvironment environment) {
        TemporaryDirectory files = TemporaryDirectory.create("jetty");
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(context(app, environment, files));
        app.apply(server);
        ContainerKind kind = environment == JettyEnvironment.EE10 ? ContainerKind.JETTY : ContainerKind.JETTY_EE11;
        try {
            server.start();
            return new JettyContainer(kind, server, connector.getLocalPort(), app.contextPath(), files);
        } catch (Exception e) {
            stop(server, files);
            throw new IllegalStateException("Jetty did not start", e);
        }
    }

    private static ContextHandler context(WebApp app, JettyEnvironment environment, TemporaryDirectory files) {
        ContextHandler context = environment.context(WEBDEFAULT, "index.html", "index.htm");
        // As a WebAppContext does.
        context.setProtectedTargets(new String[] {"/WEB-INF", "/META-INF"});
        context.setContextPath(app.contextPath().isEmpty() ? "/" : app.contextPath());
        context.setTempDirectory(files.directory("work").toFile());
        Path root = app.documentRoot().orElseGet(() -> files.directory("root"));
        context.setBaseResourceAsPath(root);
        environment.setErrorPages(context, app);
        environment.setInitializer(context, app.initializer());
        if (app.isRootFree()) {
            environment.freeRoot(context);
        }
        return context;
    }

    @Override
    public ContainerKind kind() {
        return kind;
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
