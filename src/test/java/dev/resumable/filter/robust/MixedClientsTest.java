// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A hundred clients of all kinds at once: the good get what they asked for, whatever the bad do beside them. */
@DisplayName("a hundred mixed clients at once")
final class MixedClientsTest {

    private static final int CLIENTS = 100;
    private static final int ROUNDS = 8;
    private static final int LENGTH = 60_000;

    @TempDir
    private Path spools;

    /** The bytes of one client and round: random, so that none can be taken for another's. */
    private static byte[] bytes(HttpServletRequest request) {
        return Bytes.random(Integer.parseInt(request.getParameter("canary")), LENGTH);
    }

    private EmbeddedContainer start(ContainerKind kind) {
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(16 << 10)
                .build();
        return kind.start(FilteredApp.with(config)
                .servlet(
                        "/generated",
                        (request, response) -> response.getOutputStream().write(bytes(request)))
                .servlet("/declared", (request, response) -> {
                    response.setContentLength(LENGTH);
                    response.setHeader("ETag", "\"" + request.getParameter("canary") + "\"");
                    response.getOutputStream().write(bytes(request));
                })
                .servlet(
                        "/forwarded",
                        (request, response) ->
                                request.getRequestDispatcher("/generated").forward(request, response))
                .servlet("/async", MixedClientsTest::async)
                .servlet("/untouched", (request, response) -> {
                    response.setHeader("Cache-Control", "no-store");
                    response.getOutputStream().write(bytes(request));
                })
                .servlet("/error", (request, response) -> {
                    response.getOutputStream().write(bytes(request), 0, 1_000);
                    response.sendError(404);
                })
                .servlet("/failing", (request, response) -> {
                    response.getOutputStream().write(bytes(request));
                    throw new ServletException("on purpose");
                })
                .app());
    }

    private static void async(HttpServletRequest request, HttpServletResponse response) {
        byte[] bytes = bytes(request);
        AsyncContext async = request.startAsync();
        async.start(() -> {
            try {
                async.getResponse().getOutputStream().write(bytes);
            } catch (IOException e) {
                // Seen by the client.
            }
            async.complete();
        });
    }

    /** What a client does, each with a canary of its own. */
    private enum Client {
        WHOLE("/generated"),
        ASYNC("/async"),
        UNTOUCHED("/untouched"),
        PART("/declared") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                RawResponse got =
                        container.get(target, "Range: bytes=1000-1999").assertComplete();
                assertThat(got.status()).isEqualTo(206);
                assertThat(got.body()).isEqualTo(Arrays.copyOfRange(expected, 1_000, 2_000));
            }
        },
        RESUMED("/forwarded") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                try (RawClient client = container.connect()) {
                    String tag = client.head(target).field("ETag").orElseThrow();
                    RawResponse got = client.get(target, "Range: bytes=-100", "If-Range: " + tag)
                            .assertComplete();
                    assertThat(got.status()).isEqualTo(206);
                    assertThat(got.body()).isEqualTo(Arrays.copyOfRange(expected, LENGTH - 100, LENGTH));
                    assertThat(client.get(target, "If-None-Match: " + tag).status())
                            .isEqualTo(304);
                }
            }
        },
        SLOW("/async") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 4 << 10)) {
                    RawResponse got = client.open(RawRequest.get(target)).restSlowly(10_000, Duration.ofMillis(20));
                    assertThat(got.assertComplete().body()).isEqualTo(expected);
                }
            }
        },
        LEAVING("/generated") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                try (RawClient client = container.connect()) {
                    client.open(RawRequest.get(target)).readBody(1_000);
                    client.reset();
                }
            }
        },
        ABSENT("/async") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                try (RawClient client = container.connect()) {
                    client.send(RawRequest.get(target)).reset();
                }
            }
        },
        MISSING("/error") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                RawResponse got = container.get(target, "Range: bytes=0-1").assertComplete();
                assertThat(got.status()).isEqualTo(404);
                assertThat(got.bodyLength()).isLessThan(LENGTH);
            }
        },
        FAILING("/failing") {
            @Override
            void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
                Outcome.of(container.port(), RawRequest.get(target)).assertFailed(target);
            }
        };

        private final String path;

        Client(String path) {
            this.path = path;
        }

        /** Asks for all and expects all; others do otherwise. */
        void run(EmbeddedContainer container, String target, byte[] expected) throws IOException {
            RawResponse got = container.get(target).assertComplete();
            assertThat(got.status()).as("%s", got).isEqualTo(200);
            assertThat(got.sha256()).as("%s", got).isEqualTo(Bytes.sha256(expected));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P50 each get their own answer, and nothing of another's")
    void mixed(ContainerKind kind) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            List<Callable<Client>> all = new ArrayList<>();
            for (int canary = 0; canary < CLIENTS * ROUNDS; canary++) {
                Client client = Client.values()[canary % Client.values().length];
                String target = client.path + "?canary=" + canary;
                byte[] expected = Bytes.random(canary, LENGTH);
                all.add(() -> {
                    client.run(container, target, expected);
                    return client;
                });
            }
            for (Future<Client> done : clients.invokeAll(all)) {
                done.get();
            }
            Spools.assertNoneLeft(spools);
        } finally {
            clients.shutdownNow();
        }
    }
}
