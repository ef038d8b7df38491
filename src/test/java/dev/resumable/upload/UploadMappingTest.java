// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A mapping that a URI has only in another spelling. */
class UploadMappingTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ContainerSource
    void addressesAreInAscii(ContainerKind kind) throws IOException {
        ServletEntry servlet = ServletEntry.of("uploads", new UploadServlet(), "/gr\u00f6\u00dfe/*")
                .param("directory", directory.toString())
                .param("fsync", "none")
                .async();
        try (EmbeddedContainer container =
                kind.start(new WebApp().contextPath("/app").servlet(servlet))) {
            PartsClient client = new PartsClient(container.port(), "/app/gr%C3%B6%C3%9Fe", "alice");

            String upload = client.create(5, 5);

            assertThat(upload).startsWith(client.base() + "/");
            assertThat(client.put(upload, 1, new byte[5]).status()).isEqualTo(200);
        }
    }
}
