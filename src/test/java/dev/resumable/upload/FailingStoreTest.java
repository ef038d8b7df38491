// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A store that cannot do what it is asked to. */
class FailingStoreTest {

    private static final String ORIGIN = "Origin: https://page.example";

    @TempDir
    private Path directory;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** A method that waits. */
    private volatile String held = "";

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void trouble(String method, Object[] arguments) throws IOException {
        if (failing.contains(method)) {
            throw new IOException("on purpose");
        }
        if (method.equals(held)) {
            reached.countDown();
            try {
                assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private EmbeddedContainer start(ContainerKind kind, String method) throws IOException {
        UploadConfig config = UploadConfig.builder(directory)
                .allowedOrigins(Set.of("https://page.example"))
                .build();
        failing.add(method);
        UploadStore store = TroubledStore.of(UploadStore.inDirectory(directory, FsyncPolicy.NONE), this::trouble);
        UploadServlet servlet = new UploadServlet(config, new UploadListener() {}, store);
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async()));
    }

    private static void assertFailed(RawResponse response) throws IOException {
        assertThat(response.status()).as(response.toString()).isEqualTo(500);
        assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/store-failed");
        assertThat(response.field("Tus-Resumable")).contains("1.0.0");
        assertThat(response.field("Access-Control-Allow-Origin")).contains("https://page.example");
        assertThat(response.fields("Vary")).containsExactly("Origin");
        assertThat(response.fields("Location")).isEmpty();
        assertThat(response.bodyText()).doesNotContain("on purpose", "Exception");
    }

    @ParameterizedTest
    @ContainerSource
    void itsFailuresHaveTheFieldsOfEveryAnswer(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "create")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            assertFailed(client.post("Upload-Length: 5", ORIGIN));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void thoseAfterTheBodyToo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "delete")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            // An upload whose first bytes are wrong is removed again, which fails here.
            assertFailed(client.exchange(client.request("POST", "/app/uploads/", "Upload-Length: 5", ORIGIN)
                    .with(TusClient.BYTES, "Upload-Checksum: md5 AAAA")
                    .withBody(bytes(1, 5))));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void anUploadIsNotSaidToBeAtItsEndUntilItIsAFile(ContainerKind kind) throws IOException {
        for (String method : new String[] {"add", "finish"}) {
            try (EmbeddedContainer container = start(kind, method)) {
                TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
                byte[] whole = bytes(method.length(), 100);
                String upload = client.create(whole.length);
                assertFailed(client.patch(upload, 0, whole, ORIGIN));

                RawResponse look = client.head(upload);
                assertThat(look.status()).isEqualTo(500);
                assertThat(look.field("Retry-After")).contains("5");
                assertThat(look.fields("Upload-Offset")).isEmpty();
                RawResponse empty = client.patch(upload, whole.length, new byte[0], ORIGIN);
                assertFailed(empty);
                assertThat(empty.field("Retry-After")).contains("5");

                failing.clear();
                assertThat(client.patch(upload, whole.length, new byte[0]).status())
                        .isEqualTo(204);
                assertThat(client.content(upload)).isEqualTo(whole);
                assertThat(client.offset(upload)).isEqualTo(whole.length);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    void whoLooksAtAWholeUploadCompletesIt(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "add")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            byte[] whole = bytes(1, 100);
            String upload = client.create(whole.length);
            client.patch(upload, 0, whole);
            failing.clear();

            assertThat(client.offset(upload)).isEqualTo(whole.length);
            assertThat(client.content(upload)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void whoLooksDoesNotWaitForACompletion(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = start(kind, "nothing")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            byte[] whole = bytes(1, 100);
            String upload = client.create(whole.length);
            held = "finish";
            CompletableFuture<RawResponse> end = new CompletableFuture<>();
            Thread sender = new Thread(() -> {
                try {
                    end.complete(client.patch(upload, 0, whole));
                } catch (IOException | RuntimeException e) {
                    end.completeExceptionally(e);
                }
            });
            sender.start();
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

            RawResponse look = client.head(upload);
            assertThat(released.getCount()).as("while the completion is held").isEqualTo(1);
            assertThat(look.status()).isEqualTo(423);
            assertThat(look.field("Retry-After")).contains("1");
            assertThat(look.fields("Upload-Offset")).isEmpty();
            released.countDown();

            assertThat(end.get(20, TimeUnit.SECONDS).status()).isEqualTo(204);
            assertThat(client.offset(upload)).isEqualTo(whole.length);
        } finally {
            released.countDown();
        }
    }

    @ParameterizedTest
    @ContainerSource
    void thoseBeforeAProtocolIsKnownToo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "find")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            String upload = client.create(5);
            // Of which protocol the upload is decides, since the request does not tell.
            RawResponse response = client.exchange(client.bare("DELETE", upload, ORIGIN));
            assertThat(response.status()).as(response.toString()).isEqualTo(500);
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/store-failed");
            assertThat(response.field("Access-Control-Allow-Origin")).contains("https://page.example");
            assertThat(response.bodyText()).doesNotContain("on purpose", "Exception");
        }
    }
}
