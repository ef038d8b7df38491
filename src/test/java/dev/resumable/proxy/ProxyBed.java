// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.coyote.http2.Http2Protocol;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A scripted server and, in front of it, a proxy on each container: {@code /proxy/*} with async support, {@code /here/*} without;
 * {@code /later/*} as over HTTP/3.
 */
final class ProxyBed implements AutoCloseable {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** What a container with a later version of HTTP says. */
    private static final Filter LATER = (request, response, chain) -> chain.doFilter(
            new HttpServletRequestWrapper((HttpServletRequest) request) {
                @Override
                public String getProtocol() {
                    return "HTTP/3.0";
                }
            },
            response);

    private final ScriptedUpstream upstream;
    private final Map<ContainerKind, EmbeddedContainer> containers = new EnumMap<>(ContainerKind.class);
    private final Map<ContainerKind, Probe> proxies = new EnumMap<>(ContainerKind.class);

    /** A proxy that shows what it runs on. */
    static final class Probe extends ProxyServlet {

        private static final long serialVersionUID = 1L;

        private transient RunningProxy running;

        Probe(ProxyConfig config) {
            super(config);
        }

        @Override
        RunningProxy start(ProxyConfig config) {
            running = super.start(config);
            return running;
        }

        RunningProxy running() {
            return running;
        }

        int openConnections() {
            return ((ApacheUpstream) running.upstream()).openConnections();
        }
    }

    /** Changes the defaults. */
    interface Settings {
        ProxyConfig.Builder change(ProxyConfig.Builder config);
    }

    private ProxyBed(ScriptedUpstream upstream) {
        this.upstream = upstream;
    }

    static ProxyBed start() {
        return start("/base", config -> config);
    }

    static ProxyBed start(String basePath, Settings settings) {
        return start(ContainerKind.running(), basePath, settings);
    }

    /** On one container alone. */
    static ProxyBed start(ContainerKind kind, Settings settings) {
        return start(List.of(kind), "", settings);
    }

    private static ProxyBed start(List<ContainerKind> kinds, String basePath, Settings settings) {
        ProxyBed bed = new ProxyBed(ScriptedUpstream.start(exchange -> exchange.send(OK)));
        ProxyConfig config = settings.change(ProxyConfig.builder().target(bed.upstream.url() + basePath))
                .build();
        try {
            for (ContainerKind kind : kinds) {
                bed.start(kind, config);
            }
            return bed;
        } catch (RuntimeException e) {
            bed.close();
            throw e;
        }
    }

    private void start(ContainerKind kind, ProxyConfig config) {
        Probe proxy = new Probe(config);
        proxies.put(kind, proxy);
        containers.put(
                kind,
                kind.start(new WebApp()
                        .contextPath("/app")
                        .tomcat(tomcat -> {
                            // It would send 100 (Continue) before anybody has asked for content, and keep trailers to
                            // itself.
                            tomcat.getConnector().setProperty("continueResponseTiming", "onRead");
                            tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
                            tomcat.getConnector()
                                    .setProperty(
                                            "allowedTrailerHeaders", "x-sum,content-length,x-real-ip,x_forwarded_for");
                        })
                        .jetty(ProxyBed::addHttp2)
                        // It would refuse long content.
                        .undertow(builder -> builder.setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                                .setServerOption(UndertowOptions.ENABLE_HTTP2, true))
                        .filter(FilterEntry.of("later", LATER, "/later/*").async())
                        .servlet(ServletEntry.of("proxy", proxy, "/proxy/*", "/later/*")
                                .async()
                                .loadOnStartup(1))
                        .servlet(ServletEntry.of("here", new ProxyServlet(config), "/here/*"))));
    }

    private static void addHttp2(Server jetty) {
        ((ServerConnector) jetty.getConnectors()[0])
                .addConnectionFactory(new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    }

    ScriptedUpstream upstream() {
        return upstream;
    }

    EmbeddedContainer on(ContainerKind kind) {
        return containers.get(kind);
    }

    Probe proxy(ContainerKind kind) {
        return proxies.get(kind);
    }

    /** Answers every request with these bytes; without a length in them the script must end the connection itself. */
    void answer(String bytes) {
        upstream.script(exchange -> exchange.send(bytes));
    }

    RawResponse get(ContainerKind kind, String target, String... fieldLines) throws IOException {
        return exchange(kind, RawRequest.get(target, fieldLines));
    }

    RawResponse exchange(ContainerKind kind, RawRequest request) throws IOException {
        return RawClient.once(on(kind).port(), request);
    }

    @Override
    public void close() {
        containers.values().forEach(EmbeddedContainer::close);
        upstream.close();
    }
}
