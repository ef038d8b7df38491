// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** tus 1.0.0, concatenation: how clients write the URLs of partial uploads. */
@DisplayName("the URLs of partial uploads")
class TusPartialUrlsTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("may be absolute or relative, and end with a slash")
    void written(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] piece = bytes(1, 5);
        for (String form : List.of("%s", "%s/", "https://front.example/other%s/")) {
            String url = form.formatted(client.partial(piece));
            assertThat(client.content(client.joined(url))).as(url).isEqualTo(piece);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("are refused if they name no upload")
    void naming(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String partial = client.partial(bytes(1, 5));
        for (String url : List.of("/", "//", partial + "//", partial + "/parts")) {
            assertThat(client.post("Upload-Concat: final;" + url).status())
                    .as(url)
                    .isEqualTo(400);
        }
    }
}
