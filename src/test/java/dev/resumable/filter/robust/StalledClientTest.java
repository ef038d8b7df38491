// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.content.BytesRepresentation;
import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentResponse;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.coyote.http2.Http2Protocol;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Clients that stop to read, and those that only read slowly. */
@DisplayName("with send-idle-timeout")
final class StalledClientTest {

    private static final int LENGTH = 16 << 20;

    @TempDir
    private Path spools;

    private EmbeddedContainer start(ContainerKind kind, Duration idle) {
        return kind.start(FilteredApp.with(RangeConfig.builder()
                        .spoolDirectory(Optional.of(spools))
                        .answers(ContentOptions.builder().sendIdleTimeout(idle).build())
                        .build())
                .servlet("/generated", (request, response) -> {
                    try (var in = Bytes.stream(0, LENGTH)) {
                        in.transferTo(response.getOutputStream());
                    }
                })
                .app()
                // The limit that holds there.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "" + idle.toMillis())));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes nothing any more holds no spool for ever, and sees that its body is cut")
    void stalled(ContainerKind kind) throws IOException {
        Spools.requireCountable();
        try (EmbeddedContainer container = start(kind, Duration.ofMillis(500));
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10);
                Silence silence = Silence.begin()) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            await().untilAsserted(() -> assertThat(Spools.open(spools)).isPositive());
            Spools.assertNoneLeft(spools);
            assertThat(begun.digestRest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes a little now and then gets everything")
    void slow(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, Duration.ofSeconds(4));
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            // Longer than the limit in all.
            for (int i = 0; i < 10; i++) {
                begun.readBody(1 << 20);
                await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            }
            RawResponse got = begun.digestRest().assertComplete();
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes a little now and then gets everything of a body that lies in the heap as one")
    void slowWhole(ContainerKind kind) throws IOException {
        Duration idle = Duration.ofSeconds(2);
        ContentResponse responses = new ContentResponse(
                ContentOptions.builder().sendIdleTimeout(idle).build());
        BytesRepresentation whole = BytesRepresentation.of(Bytes.pattern(LENGTH), "application/octet-stream");
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                responses.send(whole, request, response);
            }
        };
        WebApp app = new WebApp()
                .servlet(ServletEntry.of("whole", servlet, "/whole").async())
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "" + idle.toMillis()));
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            OpenResponse begun = client.open(RawRequest.get("/whole"));
            for (int i = 0; i < 8; i++) {
                begun.readBody(1 << 20);
                await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            }
            RawResponse got = begun.digestRest().assertComplete();
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }

    /** Bodies that go out in one write, as long as the socket takes it. */
    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that asks and asks for a short body and takes none holds no thread for ever")
    void manyShort(ContainerKind kind) throws IOException {
        Spools.requireCountable();
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(0)
                .answers(ContentOptions.builder()
                        .sendIdleTimeout(Duration.ofMillis(500))
                        .build())
                .build();
        WebApp app = FilteredApp.with(config)
                .servlet(
                        "/short",
                        (request, response) -> response.getOutputStream().write(Bytes.pattern(60_000)))
                .app()
                // The limits that hold there.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "500"))
                .jetty(jetty -> ((ServerConnector) jetty.getConnectors()[0]).setIdleTimeout(500));
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10);
                Silence silence = Silence.begin()) {
            byte[] request = "GET /short HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            // More than any socket takes.
            for (int i = 0; i < 300; i++) {
                client.send(request);
            }
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThat(Spools.open(spools)).isPositive());
            await().during(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(Spools.open(spools)).isZero());
            assertThat(client.readAll().length).isLessThan(300 * 60_000);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes nothing holds no thread for ever where async is not supported")
    void stalledWithoutAsync(ContainerKind kind) throws IOException {
        Spools.requireCountable();
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .answers(ContentOptions.builder()
                        .sendIdleTimeout(Duration.ofMillis(500))
                        .build())
                .build();
        WebApp app = new WebApp()
                .filter(FilterEntry.of("ranges", new RangeServletFilter(config), "/*"))
                .servlet(
                        "generated",
                        new HttpServlet() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                try (var in = Bytes.stream(0, LENGTH)) {
                                    in.transferTo(response.getOutputStream());
                                }
                            }
                        },
                        "/generated")
                // The limits that hold there.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "500"))
                .jetty(jetty -> ((ServerConnector) jetty.getConnectors()[0]).setIdleTimeout(500));
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10);
                Silence silence = Silence.begin()) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            await().untilAsserted(() -> assertThat(Spools.open(spools)).isPositive());
            Spools.assertNoneLeft(spools);
            assertThat(begun.digestRest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that keeps the window of its HTTP/2 stream shut holds no spool for ever")
    void shutWindow(ContainerKind kind) throws Exception {
        Spools.requireCountable();
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .answers(ContentOptions.builder()
                        .sendIdleTimeout(Duration.ofSeconds(1))
                        .build())
                .build();
        WebApp app = FilteredApp.with(config)
                .servlet("/generated", (request, response) -> {
                    // More than the client's windows.
                    try (var in = Bytes.stream(0, 4 * LENGTH)) {
                        in.transferTo(response.getOutputStream());
                    }
                })
                .servlet("/upgrade", (request, response) -> {})
                .app()
                .tomcat(tomcat -> tomcat.getConnector().addUpgradeProtocol(new Http2Protocol()))
                .jetty(jetty -> ((ServerConnector) jetty.getConnectors()[0])
                        .addConnectionFactory(new HTTP2CServerConnectionFactory(new HttpConfiguration())))
                .undertow(undertow -> undertow.setServerOption(UndertowOptions.ENABLE_HTTP2, true));
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        try (EmbeddedContainer container = kind.start(app);
                Silence silence = Silence.begin()) {
            client.send(request(container, "/upgrade"), HttpResponse.BodyHandlers.discarding());
            // Whoever does not ask for the body gets no more of it than the windows take.
            HttpResponse<?> begun =
                    client.send(request(container, "/generated"), HttpResponse.BodyHandlers.ofPublisher());
            assertThat(begun.version()).isEqualTo(HttpClient.Version.HTTP_2);
            await().untilAsserted(() -> assertThat(Spools.open(spools)).isPositive());
            Spools.assertNoneLeft(spools);
        }
    }

    private static HttpRequest request(EmbeddedContainer container, String path) {
        return HttpRequest.newBuilder(container.baseUri().resolve(path)).build();
    }
}
