// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Globals;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Tomcat with the connector and the default servlet of its own {@code conf/server.xml} and {@code conf/web.xml}. */
final class TomcatContainer implements EmbeddedContainer {
    private final Tomcat tomcat;
    private final int port;
    private final String contextPath;
    private final TemporaryDirectory files;

    private TomcatContainer(Tomcat tomcat, String contextPath, TemporaryDirectory files) {
        this.tomcat = tomcat;
        this.port = tomcat.getConnector().getLocalPort();
        this.contextPath = contextPath;
        this.files = files;
    }

    static EmbeddedContainer start(WebApp app) {
        TemporaryDirectory files = TemporaryDirectory.create("tomcat");
        // Left by the Tomcat before, whose directory this one would create again and take for its home.
        System.clearProperty(Globals.CATALINA_HOME_PROP);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(files.path().toString());
        tomcat.setConnector(connector());
        Path root = app.documentRoot().orElseGet(() -> files.directory("root"));
        Context context =
                tomcat.addContext(app.contextPath(), root.toAbsolutePath().toString());
        addDefaults(context).setOverridable(app.isRootFree());
        addErrorPages(app, context);
        context.addServletContainerInitializer(app.initializer(), Set.of());
        app.apply(tomcat, context);
        try {
            tomcat.start();
            requireAvailable(context);
            return new TomcatContainer(tomcat, app.contextPath(), files);
        } catch (LifecycleException | RuntimeException e) {
            stop(tomcat, files);
            throw new IllegalStateException("Tomcat did not start", e);
        }
    }

    private static Connector connector() {
        Connector connector = new Connector("HTTP/1.1");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("connectionTimeout", "20000");
        return connector;
    }

    /** By class name, as from web.xml: only then does the registration tell the class. */
    private static Wrapper addDefaults(Context context) {
        Wrapper servlet = Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet");
        servlet.addInitParameter("debug", "0");
        servlet.addInitParameter("listings", "false");
        servlet.setLoadOnStartup(1);
        context.addServletMappingDecoded("/", "default");
        Tomcat.addDefaultMimeTypeMappings(context);
        context.addWelcomeFile("index.html");
        context.setSessionTimeout(30);
        return servlet;
    }

    private static void addErrorPages(WebApp app, Context context) {
        app.statusPages().forEach((status, location) -> {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(location);
            context.addErrorPage(page);
        });
        app.exceptionPages().forEach((type, location) -> {
            ErrorPage page = new ErrorPage();
            page.setExceptionType(type.getName());
            page.setLocation(location);
            context.addErrorPage(page);
        });
    }

    /** A context that fails to start leaves Tomcat running with 404 for everything. */
    private static void requireAvailable(Context context) {
        if (!context.getState().isAvailable()) {
            throw new IllegalStateException("the application did not start; see the log");
        }
    }

    @Override
    public ContainerKind kind() {
        return ContainerKind.TOMCAT;
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
        stop(tomcat, files);
    }

    private static void stop(Tomcat tomcat, TemporaryDirectory files) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException("Tomcat did not stop", e);
        } finally {
            // Whatever Tomcat is started next in this process would make the directory again.
            System.clearProperty(Globals.CATALINA_HOME_PROP);
            files.close();
        }
    }
}
