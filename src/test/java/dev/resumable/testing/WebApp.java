// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.api.DeploymentInfo;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * What a web.xml would say, for any {@link ContainerKind}; the setters give the application itself.
 *
 * <p>Servlets, filters and listeners are registered in the order given, by the Servlet API alone and thus alike on all
 * containers. Each application starts once: it holds instances. The container's own default servlet is always there,
 * mapped to {@code /} under the name {@code default}, and serves {@link #documentRoot}.
 */
public final class WebApp {
    private final List<Consumer<ServletContext>> registrations = new ArrayList<>();
    private final Map<Integer, String> statusPages = new LinkedHashMap<>();
    private final Map<Class<? extends Throwable>, String> exceptionPages = new LinkedHashMap<>();
    private String contextPath = "";
    private Optional<Path> documentRoot = Optional.empty();
    private boolean rootIsFree;
    private Consumer<Tomcat> tomcat = server -> {};
    private Consumer<Context> tomcatContext = context -> {};
    private Consumer<Server> jetty = server -> {};
    private Consumer<Undertow.Builder> undertow = builder -> {};
    private Consumer<DeploymentInfo> undertowDeployment = deployment -> {};

    /** Sets the context path: empty, or a slash and a name. */
    public WebApp contextPath(String path) {
        contextPath = path;
        return this;
    }

    /** Sets the directory of the static files; without it there are none. */
    public WebApp documentRoot(Path directory) {
        documentRoot = Optional.of(directory);
        return this;
    }

    /** Lets a servlet of the application take the mapping to {@code /} away from the container's default servlet. */
    public WebApp freeRoot() {
        rootIsFree = true;
        return this;
    }

    /** Adds a servlet without async support and init-params. */
    public WebApp servlet(String name, Servlet servlet, String... urlPatterns) {
        return servlet(ServletEntry.of(name, servlet, urlPatterns));
    }

    /** Adds a servlet. */
    public WebApp servlet(ServletEntry entry) {
        registrations.add(entry::register);
        return this;
    }

    /** Adds a filter for REQUEST without async support and init-params. */
    public WebApp filter(String name, Filter filter, String... urlPatterns) {
        return filter(FilterEntry.of(name, filter, urlPatterns));
    }

    /** Adds a filter behind those added before. */
    public WebApp filter(FilterEntry entry) {
        registrations.add(entry::register);
        return this;
    }

    /** Adds a listener of any kind that a ServletContext takes. */
    public WebApp listener(EventListener listener) {
        registrations.add(context -> context.addListener(listener));
        return this;
    }

    /** Runs any other set-up on the ServletContext before the application starts. */
    public WebApp onStartup(Consumer<ServletContext> action) {
        registrations.add(action);
        return this;
    }

    /** Sends errors of a status code to a path of the application. */
    public WebApp errorPage(int status, String location) {
        statusPages.put(status, location);
        return this;
    }

    /** Sends uncaught exceptions of a class to a path of the application. */
    public WebApp errorPage(Class<? extends Throwable> type, String location) {
        exceptionPages.put(type, location);
        return this;
    }

    /** Changes the Tomcat server before it starts, say {@code t -> t.getConnector().setProperty(...)}. */
    public WebApp tomcat(Consumer<Tomcat> change) {
        tomcat = tomcat.andThen(change);
        return this;
    }

    /** Changes the context on Tomcat before it starts. */
    public WebApp tomcatContext(Consumer<Context> change) {
        tomcatContext = tomcatContext.andThen(change);
        return this;
    }

    /** Changes the Jetty server before it starts; its handler is set already, so {@code insertHandler} works. */
    public WebApp jetty(Consumer<Server> change) {
        jetty = jetty.andThen(change);
        return this;
    }

    /** Changes the Undertow server before it is built, say {@code b -> b.setServerOption(...)}. */
    public WebApp undertow(Consumer<Undertow.Builder> change) {
        undertow = undertow.andThen(change);
        return this;
    }

    /** Changes the deployment on Undertow, say {@code d -> d.addInitialHandlerChainWrapper(...)}. */
    public WebApp undertowDeployment(Consumer<DeploymentInfo> change) {
        undertowDeployment = undertowDeployment.andThen(change);
        return this;
    }

    /** Lets connections be silent for this long; Undertow has no such limit. */
    public WebApp idleTimeout(Duration time) {
        return tomcat(server -> server.getConnector().setProperty("connectionTimeout", "" + time.toMillis()))
                .jetty(server -> ((ServerConnector) server.getConnectors()[0]).setIdleTimeout(time.toMillis()));
    }

    /** Lets clients speak HTTP/2 too, over plain TCP. */
    public WebApp http2() {
        return tomcat(server -> server.getConnector().addUpgradeProtocol(new Http2Protocol()))
                .jetty(server -> ((ServerConnector) server.getConnectors()[0])
                        .addConnectionFactory(new HTTP2CServerConnectionFactory(new HttpConfiguration())))
                .undertow(builder -> builder.setServerOption(UndertowOptions.ENABLE_HTTP2, true));
    }

    String contextPath() {
        return contextPath;
    }

    Optional<Path> documentRoot() {
        return documentRoot;
    }

    boolean isRootFree() {
        return rootIsFree;
    }

    Map<Integer, String> statusPages() {
        return statusPages;
    }

    Map<Class<? extends Throwable>, String> exceptionPages() {
        return exceptionPages;
    }

    void apply(Tomcat server, Context context) {
        tomcat.accept(server);
        tomcatContext.accept(context);
    }

    void apply(Server server) {
        jetty.accept(server);
    }

    void apply(Undertow.Builder builder) {
        undertow.accept(builder);
    }

    void apply(DeploymentInfo deployment) {
        undertowDeployment.accept(deployment);
    }

    /** Gives the one way in which all containers get the servlets, filters and listeners. */
    ServletContainerInitializer initializer() {
        return new Registration(List.copyOf(registrations));
    }

    private record Registration(List<Consumer<ServletContext>> registrations) implements ServletContainerInitializer {
        @Override
        public void onStartup(Set<Class<?>> classes, ServletContext context) {
            registrations.forEach(registration -> registration.accept(context));
        }
    }
}
