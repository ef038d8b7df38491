// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Bodies that stall where the servlet may not use async processing, on a Tomcat that waits for 4 seconds. */
class BlockedReadTest {

    @TempDir
    private Path directory;

    /** Long enough that a read is seen while it waits, on a busy machine too. */
    private String readTimeout = "3s";

    /** Reads as text what the servlet then cannot read as bytes. */
    private static void takeTheBody(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (((HttpServletRequest) request).getHeader("X-Take") != null) {
            request.getReader();
        }
        chain.doFilter(request, response);
    }

    private EmbeddedContainer start(ContainerKind kind) {
        ServletEntry servlet = ServletEntry.of("uploads", new UploadServlet(), "/uploads/*")
                .loadOnStartup(1)
                .param("directory", directory.toString())
                .param("fsync", "none")
                .param("read-timeout", readTimeout)
                .param("max-blocking-bodies", "2");
        return kind.start(new WebApp()
                .contextPath("/app")
                .filter(FilterEntry.of("taker", BlockedReadTest::takeTheBody, "/*"))
                .servlet(servlet)
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "4000")));
    }

    @ParameterizedTest
    @ContainerSource
    void aStalledBodyLetsItsUploadAndItsThreadGo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            byte[] whole = bytes(1, 1000);
            String upload = client.create(whole.length);
            try (RawClient stalled = RawClient.connect(client.port())
                    .send(client.patching(upload, 0)
                            .with("Content-Length: " + whole.length)
                            .withUnframedBody(Arrays.copyOf(whole, 500)))) {
                await().until(() -> client.offset(upload) == 500 && blockedReads() == 1);

                // Before Jetty would end it by itself.
                await().atMost(Duration.ofSeconds(15)).until(() -> blockedReads() == 0);
                assertThat(stalled.read("PATCH").status()).isEqualTo(408);
                assertThat(client.patch(upload, 500, Arrays.copyOfRange(whole, 500, 1000))
                                .status())
                        .isEqualTo(204);
            }
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void moreBodiesThanMayHoldThreadsAreToldToComeBack(ContainerKind kind) throws IOException {
        readTimeout = "60s";
        byte[] whole = bytes(3, 1000);
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            String refused = client.create(whole.length);
            List<RawClient> running = new ArrayList<>();
            List<String> uploads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String upload = client.create(whole.length);
                uploads.add(upload);
                running.add(RawClient.connect(client.port())
                        .send(client.patching(upload, 0)
                                .with("Content-Length: " + whole.length)
                                .withUnframedBody(Arrays.copyOf(whole, 500))));
                await().until(() -> client.offset(upload) == 500);
            }

            RawResponse response = client.patch(refused, 0, whole);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("Retry-After")).isPresent();
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/overloaded");
            assertThat(client.offset(refused)).isZero();

            for (RawClient half : running) {
                half.send(Arrays.copyOfRange(whole, 500, 1000));
                assertThat(half.read("PATCH").status()).isEqualTo(204);
                half.close();
            }
            // A place is free some time after its answer.
            await().until(() -> client.patch(refused, 0, whole).status() == 204);
            for (String upload : uploads) {
                assertThat(client.content(upload)).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aBodyThatAFilterHasTakenLetsItsUploadGo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            byte[] whole = bytes(2, 1000);
            String upload = client.create(whole.length);

            assertThat(client.exchange(client.patching(upload, 0)
                                    .with("X-Take: it")
                                    .withBody(whole))
                            .status())
                    .isEqualTo(500);

            assertThat(openFiles(directory)).isEmpty();
            assertThat(client.patch(upload, 0, whole).status()).isEqualTo(204);
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    /** What this process has open there, as Linux tells it. */
    private static List<Path> openFiles(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        }
        open.removeIf(file -> !file.startsWith(directory) || !file.endsWith("body"));
        return open;
    }

    private static long blockedReads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals("readBlocking")))
                .count();
    }
}
