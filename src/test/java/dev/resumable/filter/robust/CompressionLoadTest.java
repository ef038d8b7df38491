// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Many coded answers at once, and clients that leave in the middle of them. */
@DisplayName("compressing for many clients")
final class CompressionLoadTest {

    private static final int CLIENTS = 40;
    private static final int LENGTH = 400_000;

    /** Half random, so that what is coded does not fit into the buffers of the sockets at once. */
    private static final byte[] SEED = Bytes.random(11, LENGTH / 2);

    @TempDir
    private Path spools;

    private static byte[] body(int number) {
        byte[] body = new byte[LENGTH];
        for (int i = 0; i < LENGTH / 2; i++) {
            body[2 * i] = SEED[i];
            body[2 * i + 1] = (byte) number;
        }
        return body;
    }

    private static void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getOutputStream().write(body(Integer.parseInt(request.getQueryString())));
    }

    /** Both forms of every body go to disk. */
    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.with(RangeConfig.builder()
                        .spoolDirectory(Optional.of(spools))
                        .spoolHeap(8 << 10)
                        .compress(CompressPolicy.ON)
                        .build())
                .servlet("/made", CompressionLoadTest::write)
                .app());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("gives each of them its own bytes, and leaves nothing behind, whoever goes away")
    void many(ContainerKind kind) throws IOException {
        Spools.requireCountable();
        try (EmbeddedContainer container = start(kind)) {
            List<RawClient> reading = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                reading.add(container.connect().send(RawRequest.get("/made?" + i, "Accept-Encoding: gzip")));
                RawClient leaving = RawClient.connectWithReceiveBuffer(container.port(), 4096);
                leaving.send(RawRequest.get("/made?" + i, "Accept-Encoding: gzip"));
                leaving.begin("GET");
                leaving.reset();
            }
            for (int i = 0; i < CLIENTS; i++) {
                try (RawClient client = reading.get(i)) {
                    RawResponse got = client.read("GET").assertComplete();
                    assertThat(got.field("Content-Encoding")).contains("gzip");
                    assertThat(new GZIPInputStream(new ByteArrayInputStream(got.body())).readAllBytes())
                            .isEqualTo(body(i));
                }
            }
            Spools.assertNoneLeft(spools);
        }
    }
}
