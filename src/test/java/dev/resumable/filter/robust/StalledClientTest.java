// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.content.ContentOptions;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Clients that stop to read, and those that only read slowly. */
@DisplayName("with send-idle-timeout")
final class StalledClientTest {

    private static final int LENGTH = 16 << 20;

    @TempDir
    private Path spools;

    private EmbeddedContainer start(ContainerKind kind, Duration idle) {
        return kind.start(FilteredApp.with(RangeConfig.builder()
                        .spoolDirectory(Optional.of(spools))
                        .answers(ContentOptions.builder().sendIdleTimeout(idle).build())
                        .build())
                .servlet("/generated", (request, response) -> {
                    try (var in = Bytes.stream(0, LENGTH)) {
                        in.transferTo(response.getOutputStream());
                    }
                })
                .app()
                // The limit that holds there.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("connectionTimeout", "" + idle.toMillis())));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes nothing any more holds no spool for ever, and sees that its body is cut")
    void stalled(ContainerKind kind) throws IOException {
        Spools.requireCountable();
        try (EmbeddedContainer container = start(kind, Duration.ofMillis(500));
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10);
                Silence silence = Silence.begin()) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            await().untilAsserted(() -> assertThat(Spools.open(spools)).isPositive());
            Spools.assertNoneLeft(spools);
            assertThat(begun.digestRest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("a client that takes a little now and then gets everything")
    void slow(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, Duration.ofSeconds(4));
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            OpenResponse begun = client.open(RawRequest.get("/generated"));
            // Longer than the limit in all.
            for (int i = 0; i < 10; i++) {
                begun.readBody(1 << 20);
                await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            }
            RawResponse got = begun.digestRest().assertComplete();
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        }
    }
}
