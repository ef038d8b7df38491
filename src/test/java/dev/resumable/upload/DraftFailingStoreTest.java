// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
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
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What clients of the IETF draft hear of an upload whose bytes are all there, and which cannot become a file. */
@DisplayName("an upload of the draft that cannot become a file")
class DraftFailingStoreTest {

    private static final byte[] WHOLE = bytes(1, 100);

    @TempDir
    private Path directory;

    private volatile boolean failing = true;

    private EmbeddedContainer start(ContainerKind kind) throws IOException {
        UploadStore store =
                TroubledStore.of(UploadStore.inDirectory(directory, FsyncPolicy.NONE), (method, arguments) -> {
                    if (failing && method.equals("finish")) {
                        throw new IOException("on purpose");
                    }
                });
        UploadServlet servlet = new UploadServlet(UploadConfig.defaults(directory), new UploadListener() {}, store);
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async()));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not said to be complete, whatever it is asked, until it has become one")
    void isNotComplete(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (int version : List.of(3, 5, 6, 8)) {
                DraftClient client = new DraftClient(container.port(), "/app/uploads", "alice", version);
                failing = true;
                String upload = client.create();

                RawResponse first = client.finish(upload, 0, WHOLE);
                RawResponse again = client.finish(upload, WHOLE.length, new byte[0]);
                RawResponse more = client.append(upload, WHOLE.length, new byte[1]);
                RawResponse elsewhere = client.append(upload, 1, new byte[1]);
                RawResponse look = client.head(upload);

                assertThat(List.of(first.status(), again.status())).containsOnly(500);
                assertThat(more.status()).isEqualTo(400);
                assertThat(elsewhere.status()).isEqualTo(version == 6 ? 400 : 409);
                for (RawResponse response : List.of(first, again, more, elsewhere, look)) {
                    assertThat(complete(response, version))
                            .as(response.toString())
                            .isFalse();
                }
                failing = false;
                assertThat(complete(client.finish(upload, WHOLE.length, new byte[0]), version))
                        .isTrue();
                assertThat(complete(client.append(upload, WHOLE.length, new byte[1]), version))
                        .isEqualTo(version != 8);
                assertThat(client.content(upload)).isEqualTo(WHOLE);
            }
        }
    }

    private static boolean complete(RawResponse response, int version) {
        String value = response.field(version == 3 ? "Upload-Incomplete" : "Upload-Complete")
                .orElseThrow();
        assertThat(value).isIn("?0", "?1");
        return value.equals(version == 3 ? "?0" : "?1");
    }
}
