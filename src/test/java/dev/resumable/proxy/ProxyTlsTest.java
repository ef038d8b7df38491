// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A server that is reached over TLS, with a certificate for "good.test" that the test has made. */
@DisplayName("a server over TLS behind the proxy")
final class ProxyTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path directory;

    private static SSLContext tls;
    private static ScriptedUpstream upstream;

    @BeforeAll
    static void start() throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit",
                        "-storetype",
                        "PKCS12",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=good.test",
                        "-ext",
                        "san=dns:good.test")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(certificates);
        tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        upstream = ScriptedUpstream.start(
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                exchange -> exchange.send(ProxyBed.OK));
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    /** A proxy for which every name is 127.0.0.1. */
    private static final class TestProxy extends ProxyServlet {

        private static final long serialVersionUID = 1L;

        private transient RunningProxy running;

        TestProxy(ProxyConfig config) {
            super(config);
        }

        @Override
        RunningProxy start(ProxyConfig config) {
            running = new RunningProxy(
                    config, new ApacheUpstream(config), host -> List.of(InetAddress.getLoopbackAddress()));
            return running;
        }
    }

    private static TestProxy proxy(ProxyHooks hooks) {
        return new TestProxy(ProxyConfig.builder()
                .targetFrom(Optional.of("parameter:url"))
                .allowedTargets(List.of(
                        AllowedTarget.parse("https://*:" + upstream.port()).orElseThrow()))
                .allowedNetworks(List.of(Network.of("127.0.0.0/8")))
                .hooks(hooks)
                .build());
    }

    private static EmbeddedContainer start(ContainerKind kind, TestProxy proxy) {
        return kind.start(
                new WebApp().servlet(ServletEntry.of("proxy", proxy, "/fetch").async()));
    }

    private static String target(String host) {
        return "/fetch?url=https://" + host + ":" + upstream.port() + "/x";
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is checked by its name, though the connection goes to an address")
    void checked(ContainerKind kind) throws Exception {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));
        TestProxy proxy = proxy(ProxyHooks.none().withSslContext(tls));
        try (EmbeddedContainer container = start(kind, proxy)) {
            for (int i = 0; i < 3; i++) {
                assertThat(container.get(target("good.test")).assertComplete().bodyText())
                        .isEqualTo("ok");
                // It may have come a moment before the connection is in the pool.
                await().until(() -> proxy.running.exchanges().isEmpty());
            }
            assertThat(upstream.requests().stream()
                            .map(ScriptedUpstream.Seen::connection)
                            .distinct())
                    .hasSize(1);
            assertThat(container.get(target("other.test")).assertComplete().status())
                    .isEqualTo(502);
        }
        try (EmbeddedContainer container = start(kind, proxy(ProxyHooks.none()))) {
            assertThat(container.get(target("good.test")).assertComplete().status())
                    .as("not trusted")
                    .isEqualTo(502);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("streams both ways, and is broken where it breaks")
    void streams(ContainerKind kind) throws Exception {
        byte[] content = Bytes.pattern(300_000);
        CountDownLatch more = new CountDownLatch(1);
        try (EmbeddedContainer container = start(kind, proxy(ProxyHooks.none().withSslContext(tls)))) {
            upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
                    .send(content));
            assertThat(container.get(target("good.test")).assertComplete().body())
                    .isEqualTo(content);

            upstream.script(exchange -> {
                exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                more.await();
                exchange.send("0\r\n\r\n");
            });
            try (RawClient client = container.connect()) {
                OpenResponse open = client.open(RawRequest.get(target("good.test")));
                assertThat(new String(open.readBody(5), StandardCharsets.US_ASCII))
                        .isEqualTo("first");
                more.countDown();
                open.rest().assertComplete();
            }

            upstream.script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
                    .send(Bytes.pattern(200_000))
                    .close());
            RawResponse got = container.get(target("good.test"));
            assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("with the certificate of another host gets no content")
    void noContentForOthers(ContainerKind kind) throws Exception {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));
        ProxyConfig config = ProxyConfig.builder()
                .target("https://localhost:" + upstream.port())
                .hooks(ProxyHooks.none().withSslContext(tls))
                .build();
        try (EmbeddedContainer container = kind.start(new WebApp()
                .servlet(
                        ServletEntry.of("proxy", new ProxyServlet(config), "/*").async()))) {
            RawRequest request = RawRequest.of("POST", "/x").withBody(Bytes.pattern(1_000));
            assertThat(RawClient.once(container.port(), request).status()).isEqualTo(502);
            assertThat(upstream.requests()).isEmpty();
        }
    }
}
