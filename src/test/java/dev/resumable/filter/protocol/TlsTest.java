// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FreePort;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Every way of sending, through a layer that has to read the bytes in between. */
@DisplayName("over TLS")
final class TlsTest {

    private static final int LENGTH = 9_000_000;
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path keys;

    private static SSLContext tls;

    @TempDir
    private Path root;

    @BeforeAll
    static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = keys.resolve("keys.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(keys.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(loaded, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(loaded);
        tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    private static WebApp listening(WebApp app, int port) {
        return app.tomcat(tomcat -> tomcat.getService().addConnector(tomcatConnector(port)))
                .jetty(server -> addJettyConnector(server, port))
                .undertow(undertow -> undertow.addHttpsListener(port, "127.0.0.1", tls));
    }

    private static Connector tomcatConnector(int port) {
        Connector connector = new Connector("HTTP/1.1");
        connector.setPort(port);
        connector.setProperty("address", "127.0.0.1");
        connector.setSecure(true);
        connector.setScheme("https");
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(keys.resolve("keys.p12").toString());
        certificate.setCertificateKeystorePassword(PASSWORD);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        return connector;
    }

    private static void addJettyConnector(Server server, int port) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        ServerConnector connector = new ServerConnector(server, factory);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("every shape arrives byte for byte, whole and in part, also by sendfile where that is offered")
    void everyShape(ContainerKind kind) throws IOException, InterruptedException {
        RangeConfig config = RangeConfig.builder()
                .answers(ContentOptions.builder().sendfileAfter(Duration.ZERO).build())
                .build();
        int port = FreePort.find();
        WebApp app = listening(Shape.addAll(FilteredApp.with(config), root, LENGTH), port);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        try (EmbeddedContainer container = kind.start(app)) {
            for (Shape shape : Shape.values()) {
                URI uri = URI.create("https://127.0.0.1:" + port + shape.path());
                HttpResponse<byte[]> whole = client.send(request(uri).build(), BodyHandlers.ofByteArray());
                assertThat(whole.statusCode()).as("%s", shape).isEqualTo(200);
                assertThat(Bytes.sha256(whole.body())).as("%s", shape).isEqualTo(Bytes.sha256(0, LENGTH));
                HttpResponse<byte[]> part = client.send(
                        request(uri).header("Range", "bytes=3000000-").build(), BodyHandlers.ofByteArray());
                assertThat(part.statusCode()).as("%s", shape).isEqualTo(206);
                assertThat(Bytes.sha256(part.body())).isEqualTo(Bytes.sha256(3_000_000, LENGTH - 3_000_000L));
            }
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    }
}
