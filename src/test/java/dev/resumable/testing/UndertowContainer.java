// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.handlers.DefaultServlet;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * Undertow with its builder's defaults.
 *
 * <p>Its default servlet answers 404 for the suffixes class, jar, war, zip and xml unless told otherwise.
 */
final class UndertowContainer implements EmbeddedContainer {
    private final Undertow undertow;
    private final DeploymentManager deployment;
    private final int port;
    private final String contextPath;
    private final TemporaryDirectory files;

    private UndertowContainer(
            Undertow undertow, DeploymentManager deployment, String contextPath, TemporaryDirectory files) {
        this.undertow = undertow;
        this.deployment = deployment;
        this.port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        this.contextPath = contextPath;
        this.files = files;
    }

    static EmbeddedContainer start(WebApp app) {
        TemporaryDirectory files = TemporaryDirectory.create("undertow");
        try {
            DeploymentManager deployment =
                    ServletContainer.Factory.newInstance().addDeployment(deployment(app, files));
            deployment.deploy();
            Undertow undertow = server(app, deployment.start());
            undertow.start();
            return new UndertowContainer(undertow, deployment, app.contextPath(), files);
        } catch (ServletException | IOException | RuntimeException e) {
            files.close();
            throw new IllegalStateException("Undertow did not start", e);
        }
    }

    private static Undertow server(WebApp app, HttpHandler servlets) {
        String prefix = app.contextPath().isEmpty() ? "/" : app.contextPath();
        Undertow.Builder builder = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                // Without it, stopping waits for as long as any request runs.
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 500)
                .setHandler(Handlers.path().addPrefixPath(prefix, servlets));
        app.apply(builder);
        return builder.build();
    }

    private static DeploymentInfo deployment(WebApp app, TemporaryDirectory files) throws IOException {
        Path root = app.documentRoot().orElseGet(() -> files.directory("root")).toRealPath();
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setDeploymentName("test")
                .setContextPath(app.contextPath().isEmpty() ? "/" : app.contextPath())
                .setTempDir(files.directory("work").toFile())
                // Without listeners: each would keep an inotify instance to the end of the JVM.
                .setResourceManager(PathResourceManager.builder()
                        .setBase(root)
                        .setAllowResourceChangeListeners(false)
                        .build())
                .addWelcomePage("index.html")
                .addServlet(Servlets.servlet("default", DefaultServlet.class)
                        .addMapping(app.isRootFree() ? "/unused" : "/"));
        app.statusPages().forEach((status, location) -> info.addErrorPage(new ErrorPage(location, status)));
        app.exceptionPages().forEach((type, location) -> info.addErrorPage(new ErrorPage(location, type)));
        ServletContainerInitializer initializer = app.initializer();
        info.addServletContainerInitializer(new ServletContainerInitializerInfo(
                initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
        app.apply(info);
        return info;
    }

    @Override
    public ContainerKind kind() {
        return ContainerKind.UNDERTOW;
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
        try {
            undertow.stop();
            deployment.stop();
            deployment.undeploy();
        } catch (ServletException e) {
            throw new IllegalStateException("Undertow did not stop", e);
        } finally {
            files.close();
        }
    }
}
