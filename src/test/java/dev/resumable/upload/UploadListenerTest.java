// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What a listener hears of uploads: each thing once, and in its order. */
@DisplayName("a listener of uploads")
class UploadListenerTest {

    private static final int SIZE = 100;
    private static final int HALF = SIZE / 2;

    @TempDir
    private Path directory;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** Remembers all that it hears. */
    private class Recorder implements UploadListener {
        @Override
        public void created(UploadState state) {
            heard("created", state);
        }

        @Override
        public void progressed(UploadState state) {
            heard("progressed", state);
        }

        @Override
        public void completed(UploadState state, StoredFile file) {
            assertThat(state.file()).contains(file.id());
            heard("completed", state);
        }

        @Override
        public void cancelled(UploadState state) {
            heard("cancelled", state);
        }

        @Override
        public void expired(UploadState state) {
            heard("expired", state);
        }

        void heard(String what, UploadState state) {
            heard.add(what + " " + state.offset());
        }
    }

    /** Fails whenever it hears something. */
    private final class Thrower extends Recorder {
        @Override
        void heard(String what, UploadState state) {
            super.heard(what, state);
            throw new IllegalStateException("on purpose");
        }
    }

    private EmbeddedContainer start(ContainerKind kind, UploadListener listener) {
        return start(kind, listener, Duration.ofHours(1));
    }

    private EmbeddedContainer start(ContainerKind kind, UploadListener listener, Duration expiry) {
        UploadConfig config = UploadConfig.builder(directory).expiry(expiry).build();
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", new UploadServlet(config, listener), "/uploads/*")
                        .loadOnStartup(1)
                        .async()));
    }

    private static PartsClient parts(EmbeddedContainer container) {
        return new PartsClient(container.port(), "/app/uploads", "alice");
    }

    private static TusClient tus(EmbeddedContainer container) {
        return new TusClient(container.port(), "/app/uploads", "alice");
    }

    private static DraftClient draft(EmbeddedContainer container) {
        return new DraftClient(container.port(), "/app/uploads", "alice", 8);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hears of parts, and of one completion however often it is asked for")
    void ofParts(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            PartsClient client = parts(container);
            String upload = client.create(SIZE, HALF);
            client.put(upload, 1, bytes(1, HALF));
            client.put(upload, 2, bytes(2, HALF));
            assertThat(client.complete(upload).status()).isEqualTo(201);
            assertThat(client.complete(upload).status()).isEqualTo(201);
            // A file is no upload any more: removing either is not a cancellation.
            assertThat(client.send("DELETE", upload).status()).isEqualTo(204);

            assertThat(heard)
                    .containsExactly("created 0", "progressed " + HALF, "progressed " + SIZE, "completed " + SIZE);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hears nothing of parts that are refused or break off")
    void ofNothing(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            PartsClient client = parts(container);
            assertThat(client.creation("{}").status()).isEqualTo(400);
            String upload = client.create(SIZE, SIZE);
            assertThat(client.put(upload, 1, bytes(1, HALF)).status()).isEqualTo(400);
            assertThat(client.send("PUT", upload + "/parts/1", bytes(1, SIZE), PartsClient.digest(bytes(2, SIZE)))
                            .status())
                    .isEqualTo(422);
            assertThat(client.complete(upload).status()).isEqualTo(409);

            assertThat(heard).containsExactly("created 0");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hears of appends, also of one that broke off")
    void ofAppends(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            TusClient client = tus(container);
            byte[] whole = bytes(3, SIZE);
            String upload = client.create(SIZE);
            try (RawClient broken = RawClient.connect(container.port())) {
                broken.send(client.patching(upload, 0, "Content-Length: " + SIZE)
                        .withUnframedBody(Arrays.copyOf(whole, HALF)));
                await().until(() -> client.offset(upload) == HALF);
            }
            await().until(() -> client.patch(upload, HALF, Arrays.copyOfRange(whole, HALF, SIZE))
                            .status()
                    == 204);
            client.head(upload);

            assertThat(heard)
                    .containsExactly("created 0", "progressed " + HALF, "progressed " + SIZE, "completed " + SIZE);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does not hear of progress from a last append without bytes")
    void ofLastAppendWithoutBytes(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            DraftClient client = draft(container);
            String upload = client.create();
            client.append(upload, 0, bytes(4, SIZE));
            assertThat(client.finish(upload, SIZE, new byte[0]).status()).isEqualTo(201);
            assertThat(client.finish(upload, SIZE, new byte[0]).status()).isEqualTo(201);

            assertThat(heard).containsExactly("created 0", "progressed " + SIZE, "completed " + SIZE);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hears of a cancellation once")
    void ofCancellation(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            TusClient client = tus(container);
            String upload = client.create(SIZE);
            client.patch(upload, 0, bytes(5, HALF));
            assertThat(client.send("DELETE", upload).status()).isEqualTo(204);
            assertThat(client.send("DELETE", upload).status()).isEqualTo(404);

            assertThat(heard).containsExactly("created 0", "progressed " + HALF, "cancelled " + HALF);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("hears of an expiry once")
    void ofExpiry(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, new Recorder(), Duration.ofMillis(1))) {
            parts(container).create(SIZE, SIZE);
        }
        // Each start looks for uploads that have expired.
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            await().untilAsserted(() -> assertThat(heard).containsExactly("created 0", "expired 0"));
        }
        try (EmbeddedContainer container = start(kind, new Recorder(), Duration.ofMillis(1))) {
            parts(container).create(SIZE, SIZE);
        }
        try (EmbeddedContainer container = start(kind, new Recorder())) {
            await().until(() -> heard.size() >= 4);
            assertThat(heard).containsExactly("created 0", "expired 0", "created 0", "expired 0");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does no harm by its exceptions")
    void thatThrows(ContainerKind kind) throws IOException {
        byte[] whole = bytes(6, SIZE);
        try (EmbeddedContainer container = start(kind, new Thrower());
                Silence silence = Silence.begin()) {
            PartsClient client = parts(container);
            String upload = client.create(SIZE, SIZE);
            assertThat(client.put(upload, 1, whole).status()).isEqualTo(200);
            assertThat(client.complete(upload).status()).isEqualTo(201);
            TusClient tus = tus(container);
            String cancelled = tus.create(SIZE);
            assertThat(tus.patch(cancelled, 0, bytes(7, HALF)).status()).isEqualTo(204);
            assertThat(tus.send("DELETE", cancelled).status()).isEqualTo(204);
            assertThat(tus.head(cancelled).status()).isEqualTo(404);
            String appended = draft(container).stored(whole);

            assertThat(draft(container).content(appended)).isEqualTo(whole);
            assertThat(heard).hasSize(9);
        }
        heard.clear();
        try (EmbeddedContainer container = start(kind, new Thrower(), Duration.ofMillis(1));
                Silence silence = Silence.begin()) {
            parts(container).create(SIZE, SIZE);
            parts(container).create(SIZE, SIZE);
        }
        try (EmbeddedContainer container = start(kind, new Thrower());
                Silence silence = Silence.begin()) {
            // The first may have expired before the second was created.
            await().untilAsserted(() ->
                    assertThat(heard).containsExactlyInAnyOrder("created 0", "created 0", "expired 0", "expired 0"));
        }
    }
}
