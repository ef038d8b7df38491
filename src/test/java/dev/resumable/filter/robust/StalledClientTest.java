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
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stop to read, and those that only read slowly; all containers side by side, since most of it is waiting. */
@DisplayName("with send-idle-timeout")
final class StalledClientTest {

    private static final int LENGTH = 16 << 20;
    private static final Duration IDLE = Duration.ofMillis(1_500);

    /** Less than the limits that containers have by themselves: those must not be what lets a client go. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** For clients that must not be let go: a busy machine may stop in the middle. */
    private static final Duration IDLE_OF_SLOW = Duration.ofSeconds(5);

    /** Half a second each, so that those that the sockets do not take are longer than the limit in all. */
    private static final int SLOW_READS = 14;

    @TempDir
    private Path directory;

    /** Where a body lay in a file when it was written: whoever looks from outside may come when it has gone. */
    private final Set<ContainerKind> spooled = ConcurrentHashMap.newKeySet();

    private Path spools(ContainerKind kind) throws IOException {
        return Files.createDirectories(directory.resolve(kind.name()));
    }

    private RangeConfig.Builder config(ContainerKind kind, Duration idle) throws IOException {
        return RangeConfig.builder()
                .spoolDirectory(Optional.of(spools(kind)))
                .answers(ContentOptions.builder().sendIdleTimeout(idle).build());
    }

    private void generate(ContainerKind kind, int length, HttpServletResponse response) throws IOException {
        try (var in = Bytes.stream(0, length)) {
            in.transferTo(response.getOutputStream());
        }
        noteSpool(kind);
    }

    private void noteSpool(ContainerKind kind) throws IOException {
        if (Spools.open(spools(kind)) > 0) {
            spooled.add(kind);
        }
    }

    /** On Tomcat its own limit is the one that holds. */
    private static WebApp limitTomcat(WebApp app, Duration idle) {
        return app.tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "" + idle.toMillis()));
    }

    private EmbeddedContainer start(ContainerKind kind, Duration idle) throws IOException {
        FilteredApp app = FilteredApp.with(config(kind, idle).build())
                .servlet("/generated", (request, response) -> generate(kind, LENGTH, response));
        return kind.start(limitTomcat(app.app(), idle));
    }

    private static RawClient connect(EmbeddedContainer container) throws IOException {
        return RawClient.connectWithReceiveBuffer(container.port(), 16 << 10);
    }

    @Test
    @DisplayName("a client that takes nothing any more holds no spool for ever, and sees that its body is cut")
    void stalled() throws IOException {
        Spools.requireCountable();
        try (SideBySide all = SideBySide.start(kind -> start(kind, IDLE));
                Silence silence = Silence.begin()) {
            all.check(this::assertLetGo);
        }
    }

    private void assertLetGo(EmbeddedContainer container) throws IOException {
        try (RawClient client = connect(container)) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            // Its head comes when the servlet is done.
            assertThat(spooled).contains(container.kind());
            Spools.assertNoneLeft(spools(container.kind()));
            assertThat(begun.digestRest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @Test
    @DisplayName("a client that takes a little now and then gets everything")
    void slow() throws IOException {
        try (SideBySide all = SideBySide.start(kind -> start(kind, IDLE_OF_SLOW))) {
            all.check(container -> assertServedSlowly(container, "/generated"));
        }
    }

    private static void assertServedSlowly(EmbeddedContainer container, String target) throws Exception {
        try (RawClient client = connect(container)) {
            OpenResponse begun = client.open(RawRequest.get(target));
            for (int i = 0; i < SLOW_READS; i++) {
                begun.takeBody(1 << 20);
                Thread.sleep(500);
            }
            assertThat(begun.digestRest().assertComplete().sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }

    @Test
    @DisplayName("a client that takes a little now and then gets everything of a body that lies in the heap as one")
    void slowWhole() throws IOException {
        ContentResponse responses = new ContentResponse(
                ContentOptions.builder().sendIdleTimeout(IDLE_OF_SLOW).build());
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
                .servlet(ServletEntry.of("blocking", servlet, "/blocking"));
        try (SideBySide all = SideBySide.start(kind -> kind.start(limitTomcat(app, IDLE_OF_SLOW)))) {
            all.check(container -> assertServedSlowly(container, "/whole"));
            all.check(container -> assertServedSlowly(container, "/blocking"));
        }
    }

    private EmbeddedContainer startShort(ContainerKind kind) throws IOException {
        RangeConfig config = config(kind, IDLE).spoolHeap(0).build();
        return kind.start(FilteredApp.with(config)
                .servlet("/short", (request, response) -> {
                    response.getOutputStream().write(Bytes.pattern(60_000));
                    noteSpool(kind);
                })
                .app()
                .idleTimeout(IDLE));
    }

    /** Bodies that go out in one write, as long as the socket takes it. */
    @Test
    @DisplayName("a client that asks and asks for a short body and takes none holds no thread for ever")
    void manyShort() throws IOException {
        Spools.requireCountable();
        byte[] request = "GET /short HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (SideBySide all = SideBySide.start(this::startShort);
                Silence silence = Silence.begin()) {
            all.check(container -> {
                try (RawClient client = connect(container)) {
                    // More than any socket takes.
                    for (int i = 0; i < 300; i++) {
                        client.send(request);
                    }
                    await().atMost(PATIENCE).until(() -> spooled.contains(container.kind()));
                    Path spools = spools(container.kind());
                    // Between two answers there is none for a moment.
                    await().atMost(PATIENCE)
                            .during(Duration.ofSeconds(1))
                            .untilAsserted(() -> assertThat(Spools.open(spools)).isZero());
                    assertThat(client.readAll().length).isLessThan(300 * 60_000);
                }
            });
        }
    }

    private EmbeddedContainer startWithoutAsync(ContainerKind kind) throws IOException {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                generate(kind, LENGTH, response);
            }
        };
        RangeServletFilter filter = new RangeServletFilter(config(kind, IDLE).build());
        return kind.start(new WebApp()
                .filter(FilterEntry.of("ranges", filter, "/*"))
                .servlet("generated", servlet, "/generated")
                .idleTimeout(IDLE));
    }

    @Test
    @DisplayName("a client that takes nothing holds no thread for ever where async is not supported")
    void stalledWithoutAsync() throws IOException {
        Spools.requireCountable();
        try (SideBySide all = SideBySide.start(this::startWithoutAsync);
                Silence silence = Silence.begin()) {
            all.check(this::assertLetGo);
        }
    }

    private EmbeddedContainer startHttp2(ContainerKind kind) throws IOException {
        return kind.start(FilteredApp.with(config(kind, IDLE).build())
                // More than the client's windows.
                .servlet("/generated", (request, response) -> generate(kind, 4 * LENGTH, response))
                .servlet("/upgrade", (request, response) -> {})
                .app()
                .http2());
    }

    @Test
    @DisplayName("a client that keeps the window of its HTTP/2 stream shut holds no spool for ever")
    void shutWindow() throws IOException {
        Spools.requireCountable();
        try (SideBySide all = SideBySide.start(this::startHttp2);
                Silence silence = Silence.begin()) {
            all.check(container -> {
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build();
                client.send(request(container, "/upgrade"), HttpResponse.BodyHandlers.discarding());
                // Whoever does not ask for the body gets no more of it than the windows take.
                HttpResponse<?> begun =
                        client.send(request(container, "/generated"), HttpResponse.BodyHandlers.ofPublisher());
                assertThat(begun.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(spooled).contains(container.kind());
                Spools.assertNoneLeft(spools(container.kind()));
            });
        }
    }

    private static HttpRequest request(EmbeddedContainer container, String path) {
        return HttpRequest.newBuilder(container.baseUri().resolve(path)).build();
    }
}
