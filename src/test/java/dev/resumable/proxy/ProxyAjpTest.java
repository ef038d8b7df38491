// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a proxy on Tomcat behind a front server that speaks AJP")
final class ProxyAjpTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final Connector AJP = new Connector("AJP/1.3");

    private static ScriptedUpstream upstream;
    private static EmbeddedContainer tomcat;

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
        AJP.setPort(0);
        AJP.setProperty("address", "127.0.0.1");
        AJP.setProperty("secretRequired", "false");
        ProxyConfig config = ProxyConfig.builder()
                .target(upstream.url())
                .clientIdleTimeout(LIMIT)
                .build();
        tomcat = ContainerKind.TOMCAT.start(new WebApp()
                .tomcat(server -> server.getService().addConnector(AJP))
                .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/proxy/*")
                        .async())
                .servlet(ServletEntry.of("here", new ProxyServlet(config), "/here/*")));
    }

    @AfterAll
    static void stop() {
        tomcat.close();
        upstream.close();
    }

    private static AjpFront connect() throws IOException {
        return new AjpFront(AJP.getLocalPort(), Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proxy/x", "/here/x"})
    @DisplayName("ends an early refusal, and keeps the connection, once the content has come that Tomcat has asked for")
    void refused(String path) throws Exception {
        CountDownLatch answered = refuse();
        try (AjpFront front = connect()) {
            front.post(path, 1_000);
            front.sendBody("hello");
            front.readUntil(AjpFront.WANTS_BODY);
            answered.await();
            // The proxy looks for answers now and then.
            Thread.sleep(1_500);
            front.sendBody("world");

            assertThat(front.readUntil(AjpFront.HEADERS).status()).isEqualTo(413);
            assertThat(front.readUntil(AjpFront.END).content()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proxy/x", "/here/x"})
    @DisplayName("waits for that content no longer than for a client, and closes the connection")
    void stalled(String path) throws Exception {
        refuse();
        try (AjpFront front = connect()) {
            front.post(path, 1_000);
            front.sendBody("hello");

            assertThat(front.readUntil(AjpFront.HEADERS).status()).isEqualTo(408);
            assertThatThrownBy(() -> front.readUntil(AjpFront.END)).isInstanceOf(EOFException.class);
        }
    }

    /** Once five bytes have come; tells when. */
    private static CountDownLatch refuse() {
        CountDownLatch answered = new CountDownLatch(1);
        upstream.script(exchange -> {
            exchange.read(5);
            exchange.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            answered.countDown();
            exchange.awaitEnd();
        });
        return answered;
    }
}
