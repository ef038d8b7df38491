// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.AtOnce;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.server.handlers.ProxyPeerAddressHandler;
import org.apache.catalina.valves.RemoteIpValve;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Containers that are not set up as they come. */
@DisplayName("a proxy in a container")
final class ProxyContainerSettingsTest {

    private static final int TIMEOUT_MILLIS = 1_500;
    private static final int SILENCE_MILLIS = 4_000;

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private EmbeddedContainer start(ContainerKind kind, WebApp app) {
        return kind.start(app.servlet(ServletEntry.of("proxy", new ProxyServlet(ProxyConfig.to(upstream.url())), "/*")
                .async()));
    }

    private static ServerConnector connector(Server jetty) {
        return (ServerConnector) jetty.getConnectors()[0];
    }

    /** Undertow has no such timeout unless it is given one. */
    @Test
    @DisplayName("outlasts the container's timeouts while the server thinks")
    void silentServer() throws Exception {
        upstream.script(exchange -> {
            Thread.sleep(SILENCE_MILLIS);
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfirst");
            Thread.sleep(SILENCE_MILLIS);
            exchange.send("last");
        });
        AtOnce.onContainers(
                kind -> start(kind, impatient()),
                container -> assertThat(container.get("/x").assertComplete().bodyText())
                        .isEqualTo("firstlast"));
    }

    private static WebApp impatient() {
        return new WebApp()
                .tomcat(tomcat -> {
                    tomcat.getConnector().setAsyncTimeout(TIMEOUT_MILLIS);
                    tomcat.getConnector().setProperty("connectionTimeout", "" + TIMEOUT_MILLIS);
                })
                .jetty(jetty -> connector(jetty).setIdleTimeout(TIMEOUT_MILLIS));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "behind a proxy that is trusted tells the server the client that this one names, IPv6 in quotes (RFC 7239 §6)")
    void trustedProxy(ContainerKind kind) throws Exception {
        WebApp trusting = new WebApp()
                .tomcatContext(context -> context.getPipeline().addValve(new RemoteIpValve()))
                .jetty(jetty -> connector(jetty)
                        .getConnectionFactory(HttpConnectionFactory.class)
                        .getHttpConfiguration()
                        .addCustomizer(new ForwardedRequestCustomizer()))
                .undertowDeployment(
                        deployment -> deployment.addInitialHandlerChainWrapper(ProxyPeerAddressHandler::new));
        try (EmbeddedContainer container = start(kind, trusting)) {
            RawResponse got = container.get("/x", "Host: public.example", "X-Forwarded-For: 2001:db8:1:2:3:4:5:6");
            assertThat(got.assertComplete().status()).isEqualTo(200);
            assertThat(upstream.onlyRequest().field("X-Forwarded-For")).contains("2001:db8:1:2:3:4:5:6");
            assertThat(upstream.onlyRequest().field("Forwarded"))
                    .contains("for=\"[2001:db8:1:2:3:4:5:6]\";host=public.example;proto=http");
        }
    }
}
