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
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What clients of the IETF draft keep of an upload that the application cannot check just now, and of one it has checked. */
@DisplayName("an upload of the draft")
class DraftFailingListenerTest {

    private static final byte[] WHOLE = bytes(1, 100);
    private static final List<Integer> VERSIONS = List.of(3, 5, 6, 8);

    @TempDir
    private Path directory;

    private volatile Supplier<Optional<UploadListener.Refusal>> answer = Optional::empty;

    private final UploadListener listener = new UploadListener() {
        @Override
        public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
            return answer.get();
        }
    };

    private EmbeddedContainer start(ContainerKind kind) {
        UploadServlet servlet = new UploadServlet(UploadConfig.defaults(directory), listener);
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async()));
    }

    private static DraftClient client(EmbeddedContainer container, int version) {
        return new DraftClient(container.port(), "/app/uploads", "alice", version);
    }

    private static Optional<UploadListener.Refusal> thrown() {
        throw new IllegalStateException("the database is away, on purpose");
    }

    private static Optional<UploadListener.Refusal> refusal(int status) {
        return Optional.of(new UploadListener.Refusal(status, "on purpose"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is kept whole if a last append cannot be checked, and completed by an empty one")
    void lastAppend(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            for (int version : VERSIONS) {
                DraftClient client = client(container, version);
                String upload = client.create();
                client.append(upload, 0, Arrays.copyOf(WHOLE, 40));

                answer = DraftFailingListenerTest::thrown;
                RawResponse failed = client.finish(upload, 40, Arrays.copyOfRange(WHOLE, 40, WHOLE.length));
                assertKept(client, upload, failed, 500);
                answer = () -> refusal(503);
                assertKept(client, upload, client.finish(upload, WHOLE.length, new byte[0]), 503);
                assertCompletes(client, upload);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is kept whole if a creation with all bytes cannot be checked, and completed by an empty append")
    void creation(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            for (int version : VERSIONS) {
                DraftClient client = client(container, version);

                answer = DraftFailingListenerTest::thrown;
                RawResponse failed = client.post(WHOLE, client.last());
                String upload = failed.field("Location").orElseThrow();
                assertKept(client, upload, failed, 500);
                assertCompletes(client, upload);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is gone once it is refused for good")
    void decided(ContainerKind kind) throws IOException {
        answer = () -> refusal(451);
        try (EmbeddedContainer container = start(kind)) {
            for (int version : VERSIONS) {
                DraftClient client = client(container, version);
                String upload = client.create();

                RawResponse appended = client.finish(upload, 0, WHOLE);
                RawResponse created = client.post(WHOLE, client.last());

                for (RawResponse response : List.of(appended, created)) {
                    assertThat(response.status()).as(response.toString()).isEqualTo(451);
                    assertThat(isComplete(client, response)).isTrue();
                    assertThat(response.field("Location")).isEmpty();
                }
                assertThat(client.head(upload).status()).isEqualTo(404);
            }
        }
    }

    private static void assertKept(DraftClient client, String upload, RawResponse failed, int status)
            throws IOException {
        assertThat(failed.status()).as(failed.toString()).isEqualTo(status);
        assertThat(json(failed)).containsEntry("type", "https://resumable.dev/problems/refused");
        assertThat(isComplete(client, failed)).as(failed.toString()).isFalse();
        RawResponse look = client.head(upload);
        assertThat(look.field("Upload-Offset")).as(look.toString()).contains(Integer.toString(WHOLE.length));
        assertThat(isComplete(client, look)).as(look.toString()).isFalse();
    }

    private void assertCompletes(DraftClient client, String upload) throws IOException {
        answer = Optional::empty;
        RawResponse last = client.finish(upload, WHOLE.length, new byte[0]);
        assertThat(last.status()).as(last.toString()).isEqualTo(201);
        assertThat(isComplete(client, last)).isTrue();
        assertThat(client.content(upload)).isEqualTo(WHOLE);
    }

    private static boolean isComplete(DraftClient client, RawResponse response) {
        boolean isOldest = client.version() == 3;
        String value = response.field(isOldest ? "Upload-Incomplete" : "Upload-Complete")
                .orElse("");
        assertThat(value).as(response.toString()).isIn("?0", "?1");
        return value.equals(isOldest ? "?0" : "?1");
    }
}
