// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Pieces of tus that take long to be copied. */
@DisplayName("a concatenation")
class TusJoinTest {

    private static final int PIECE = 1000;
    private static final byte[] WHOLE = bytes(1, 2 * PIECE);

    @TempDir
    private Path directory;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String failure = "";

    private void trouble(String method, Object[] arguments) throws IOException {
        if (!method.equals("read")) {
            return;
        }
        switch (failure) {
            case "expected" -> throw new IOException("on purpose");
            case "unexpected" -> throw new IllegalStateException("on purpose");
            default -> reached.countDown();
        }
        try {
            assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private EmbeddedContainer start(ContainerKind kind) throws IOException {
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(entry("uploads").async())
                .servlet(entry("blocking")));
    }

    private ServletEntry entry(String name) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        UploadStore store = TroubledStore.of(UploadStore.inDirectory(place, FsyncPolicy.NONE), this::trouble);
        UploadServlet servlet = new UploadServlet(UploadConfig.defaults(place), new UploadListener() {}, store);
        return ServletEntry.of(name, servlet, "/" + name + "/*");
    }

    private static String pieces(TusClient client) throws IOException {
        String one = client.partial(Arrays.copyOf(WHOLE, PIECE));
        String two = client.partial(Arrays.copyOfRange(WHOLE, PIECE, WHOLE.length));
        return one + " " + two;
    }

    private static CompletableFuture<RawResponse> join(TusClient client, String pieces) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.post("Upload-Concat: final;" + pieces);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean holdsThreadOfContainer() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(UploadServlet.class.getName()));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("holds no thread of the container while it copies, where async processing is supported")
    void threads(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            CompletableFuture<RawResponse> answer = join(client, pieces(client));
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

            await().until(() -> !holdsThreadOfContainer());
            assertThat(answer).isNotDone();

            released.countDown();
            String whole = answer.get(20, TimeUnit.SECONDS).field("Location").orElseThrow();
            assertThat(client.content(whole)).isEqualTo(WHOLE);
        } finally {
            released.countDown();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("holds the one of its request elsewhere, and is the same")
    void blocking(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind)) {
            TusClient client = new TusClient(container.port(), "/app/blocking", "alice");
            CompletableFuture<RawResponse> answer = join(client, pieces(client));
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(holdsThreadOfContainer()).isTrue();

            released.countDown();
            String whole = answer.get(20, TimeUnit.SECONDS).field("Location").orElseThrow();
            assertThat(client.content(whole)).isEqualTo(WHOLE);
        } finally {
            released.countDown();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that fails is answered, and can be tried again")
    void failure(ContainerKind kind) throws Exception {
        released.countDown();
        try (EmbeddedContainer container = start(kind)) {
            for (String base : new String[] {"/app/uploads", "/app/blocking"}) {
                TusClient client = new TusClient(container.port(), base, "alice");
                String pieces = pieces(client);
                for (String expected : new String[] {"expected", "unexpected"}) {
                    failure = expected;
                    RawResponse answer = join(client, pieces).get(20, TimeUnit.SECONDS);

                    assertThat(answer.status()).isEqualTo(500);
                    assertThat(answer.field("Tus-Resumable")).contains("1.0.0");
                    assertThat(answer.bodyText()).contains("store-failed").doesNotContain("on purpose");
                }
                failure = "";
                RawResponse again = join(client, pieces).get(20, TimeUnit.SECONDS);
                assertThat(client.content(again.field("Location").orElseThrow()))
                        .isEqualTo(WHOLE);
            }
        }
    }
}
