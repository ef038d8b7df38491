// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that refuse uploads. */
@DisplayName("an application")
class UploadRefusalTest {

    private static final int REFUSED_SIZE = 13;
    private static final int WRONG_STATUS_SIZE = 14;
    private static final byte[] REFUSED = bytes(1, 100);

    @TempDir
    private Path directory;

    private static final class Strict implements UploadListener {
        @Override
        public Optional<Refusal> beforeCreation(UploadPlan plan, OptionalLong length) {
            if (length.orElse(0) == WRONG_STATUS_SIZE) {
                return Optional.of(new Refusal(200, "fine"));
            }
            return length.orElse(0) == REFUSED_SIZE
                    ? Optional.of(new Refusal(422, "No unlucky numbers, please."))
                    : Optional.empty();
        }

        @Override
        public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
            return sha256.equals(hex(REFUSED)) ? Optional.of(new Refusal(451, "Not these.")) : Optional.empty();
        }
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of(
                                "uploads",
                                new UploadServlet(UploadConfig.defaults(directory), new Strict()),
                                "/uploads/*")
                        .async()));
    }

    private static void assertRefused(RawResponse response, int status, String detail) throws IOException {
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(response.field("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/refused");
        assertThat(json(response)).containsEntry("detail", detail).containsEntry("status", status);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("refuses creations with its own status, in all protocols")
    void creations(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            PartsClient parts = new PartsClient(container.port(), "/app/uploads", "alice");
            TusClient tus = new TusClient(container.port(), "/app/uploads", "alice");
            DraftClient draft = new DraftClient(container.port(), "/app/uploads", "alice", 8);
            String document = "{\"fileName\":\"f\",\"size\":" + REFUSED_SIZE + "}";

            for (RawResponse response : List.of(
                    parts.creation(document),
                    tus.post("Upload-Length: " + REFUSED_SIZE),
                    draft.post(bytes(2, REFUSED_SIZE), draft.last()))) {
                assertRefused(response, 422, "No unlucky numbers, please.");
                assertThat(response.fields("Location")).isEmpty();
            }
            assertThat(parts.create(REFUSED_SIZE + 2, 10)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("refuses completions with its own status, in all protocols, and there is no file")
    void completions(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            PartsClient parts = new PartsClient(container.port(), "/app/uploads", "alice");
            TusClient tus = new TusClient(container.port(), "/app/uploads", "alice");
            DraftClient draft = new DraftClient(container.port(), "/app/uploads", "alice", 8);
            String upload = parts.create(REFUSED.length, REFUSED.length);
            parts.put(upload, 1, REFUSED);

            assertRefused(parts.complete(upload), 451, "Not these.");
            assertRefused(tus.patch(tus.create(REFUSED.length), 0, REFUSED), 451, "Not these.");
            assertRefused(draft.finish(draft.create(), 0, REFUSED), 451, "Not these.");
            assertThat(json(parts.get("/app/uploads/files/"))).containsEntry("files", List.of());
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that answers by mistake as if it had worked has refused too")
    void wrongStatus(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            TusClient tus = new TusClient(container.port(), "/app/uploads", "alice");

            RawResponse response = tus.post("Upload-Length: " + WRONG_STATUS_SIZE);

            assertRefused(response, 500, "The upload could not be checked.");
            assertThat(response.fields("Location")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100, 200, 204, 304, 399, 600, 1000})
    @DisplayName("cannot make a refusal of a status that is none")
    void statuses(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Refusal(status, "no"))
                .withMessageContaining(Integer.toString(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 499, 500, 599})
    @DisplayName("can make one of every other")
    void otherStatuses(int status) {
        assertThat(new Refusal(status, "no").status()).isEqualTo(status);
    }
}
