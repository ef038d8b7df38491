// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More clients that take next to nothing than any container has threads, with its default pools. */
@DisplayName("250 slow readers")
final class SlowReadersTest {

    private static final int READERS = 250;

    /** More than the buffers of a connection take, so that nobody is done without being read. */
    private static final int LENGTH = 4 << 20;

    private static final int RECEIVE_BUFFER = 4 << 10;

    /** They are read one after the other: the last ones wait for long on a busy machine, which is no fault. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration LIMIT_OF_THE_CONTAINER = Duration.ofMinutes(5);

    /** Enough for all bodies to be made, and less than their clients take. */
    private static final Duration APPLICATION_LIMIT = Duration.ofSeconds(20);

    private final ExecutorService application = Executors.newSingleThreadExecutor();

    @TempDir
    private Path root;

    @TempDir
    private Path spools;

    @AfterEach
    void stop() {
        application.shutdownNow();
    }

    static Stream<Arguments> everyWay() {
        return ContainerKind.running().stream()
                .flatMap(kind ->
                        Stream.of("/slow.bin", "/generated", "/later").map(target -> Arguments.of(kind, target)));
    }

    private EmbeddedContainer start(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("slow.bin"), LENGTH);
        Files.writeString(root.resolve("quick.txt"), "quick");
        // No container but Tomcat lets a limit be lifted later.
        long limit = kind == ContainerKind.TOMCAT ? APPLICATION_LIMIT.toMillis() : 0;
        WebApp app = FilteredApp.with(RangeConfig.builder()
                        .spoolDirectory(Optional.of(spools))
                        .build())
                .servlet("/later", (request, response) -> completeLater(request, response, limit))
                .app()
                // Without async support of its own, as most servlets are.
                .servlet(ServletEntry.of("generated", new Generated(), "/generated"))
                .idleTimeout(LIMIT_OF_THE_CONTAINER)
                .documentRoot(root);
        return kind.start(app);
    }

    /** Completes on one thread for all, long before whose clients are done the time is up. */
    private void completeLater(HttpServletRequest request, HttpServletResponse response, long limit) {
        AsyncContext async = request.startAsync();
        async.setTimeout(limit);
        application.execute(() -> {
            try {
                Generated.write(response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                async.complete();
            }
        });
    }

    /** Writes the pattern, without length and tag. */
    private static final class Generated extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            write(response);
        }

        static void write(HttpServletResponse response) throws IOException {
            try (var in = Bytes.stream(0, LENGTH)) {
                in.transferTo(response.getOutputStream());
            }
        }
    }

    private static List<OpenResponse> begin(EmbeddedContainer container, String target, List<RawClient> clients)
            throws IOException {
        for (int i = 0; i < READERS; i++) {
            RawClient client = RawClient.connectWithReceiveBuffer(container.port(), RECEIVE_BUFFER)
                    .timeout(PATIENCE);
            clients.add(client);
            client.send(RawRequest.get(target));
        }
        List<OpenResponse> begun = new ArrayList<>();
        for (RawClient client : clients) {
            OpenResponse response = client.begin("GET");
            assertThat(response.head().status()).isEqualTo(200);
            begun.add(response);
        }
        return begun;
    }

    /** The threads that are in code of the library, but for those of this test. */
    private static List<String> threadsInside() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey() != Thread.currentThread())
                .filter(entry -> Stream.of(entry.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("dev.resumable.content.")
                                || frame.getClassName().startsWith("dev.resumable.filter.Range")))
                .map(entry -> entry.getKey().getName())
                .toList();
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("leave a quick request its answer, and get every byte in the end")
    void holdNoThread(ContainerKind kind, String target) throws IOException {
        Spools.requireCountable();
        List<RawClient> clients = new ArrayList<>();
        try (EmbeddedContainer container = start(kind)) {
            List<OpenResponse> begun = begin(container, target, clients);
            try (RawClient quick = container.connect()) {
                assertThat(quick.get("/quick.txt").assertComplete().bodyText()).isEqualTo("quick");
            }
            String expected = Bytes.sha256(0, LENGTH);
            for (RawClient client : clients) {
                client.receiveBuffer(256 << 10);
            }
            for (OpenResponse response : begun) {
                RawResponse got = response.digestRest().assertComplete();
                assertThat(got.sha256()).isEqualTo(expected);
            }
            Spools.assertNoneLeft(spools);
            Spools.assertNoneOpen(root);
        } finally {
            close(clients);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("that vanish leave no spool, no descriptor and no thread behind")
    void vanish(ContainerKind kind, String target) throws IOException {
        Spools.requireCountable();
        List<RawClient> clients = new ArrayList<>();
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            begin(container, target, clients);
            for (RawClient client : clients) {
                client.reset();
            }
            Spools.assertNoneLeft(spools);
            Spools.assertNoneOpen(root);
            assertThat(container.get("/quick.txt").assertComplete().bodyText()).isEqualTo("quick");
            await().untilAsserted(() -> assertThat(threadsInside()).isEmpty());
        } finally {
            close(clients);
        }
    }
}
