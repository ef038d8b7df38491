// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerProcess;
import dev.resumable.testing.Distribution;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The uploads of the WAR, with their database, where real containers load the classes. */
@Timeout(120)
@DisplayName("the uploads of the example WAR")
final class UploadsOnContainersIT {
    private static final String UPLOADS = "/example/uploads/";
    private static final int PART = 100_000;

    @TempDir
    Path directory;

    private static RawResponse send(ContainerProcess container, RawRequest request) throws IOException {
        return RawClient.once(container.port(), request.with("Connection: close"))
                .assertComplete();
    }

    private static String location(RawResponse response) {
        assertThat(response.status()).as("%s", response).isEqualTo(201);
        return response.field("Location").orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Distribution.class)
    @DisplayName("are there after kill -9 of the container")
    void survive(Distribution distribution) throws IOException {
        Map<String, String> properties = Map.of(
                "resumable.example.dir", directory.toString(),
                "resumable.example.data", directory.resolve("data").toString());
        try (ContainerProcess container =
                ContainerProcess.start(distribution, ExampleWar.path(), "/example", properties)) {
            byte[] creation = """
                    {"fileName":"a.bin","size":%d,"partSize":%d}""".formatted(2 * PART, PART).getBytes(StandardCharsets.UTF_8);
            String upload = location(send(
                    container,
                    RawRequest.of("POST", UPLOADS, "Content-Type: application/json")
                            .withBody(creation)));
            for (int number = 2; number >= 1; number--) {
                byte[] part = Bytes.slice((number - 1) * (long) PART, PART);
                RawRequest put =
                        RawRequest.of("PUT", upload + "/parts/" + number).withBody(part);
                assertThat(send(container, put).status()).isEqualTo(200);
            }
            String file = location(send(container, RawRequest.of("POST", upload + "/complete")));

            container.kill9();
            container.restart();

            RawResponse range = send(container, RawRequest.of("GET", file, "Range: bytes=150000-"));
            assertThat(range.status()).isEqualTo(206);
            assertThat(range.body()).isEqualTo(Bytes.slice(150_000, 50_000));
            RawResponse files = send(container, RawRequest.of("GET", UPLOADS + "files/"));
            assertThat(files.bodyText()).contains("\"fileName\":\"a.bin\"", file);
            assertThat(send(container, RawRequest.of("DELETE", file)).status()).isEqualTo(204);
            assertThat(send(container, RawRequest.of("GET", file)).status()).isEqualTo(404);
        }
    }
}
