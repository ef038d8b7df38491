// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.files.FilesConfig.Listing;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What a listener is told of files. */
class FileServletEventsTest {

    @TempDir
    private Path root;

    private final RecordedEvents events = new RecordedEvents();

    private EmbeddedContainer start(ContainerKind kind) {
        FilesConfig config = FilesConfig.builder(root)
                .listing(Listing.ON)
                .events(Optional.of(events))
                .build();
        return kind.start(new WebApp().servlet("files", new FileServlet(config), "/files/*"));
    }

    private void assertTold(String target, String... expected) {
        // Less than any container waits for a client that takes nothing.
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(events.told()).as(target).containsExactly(expected));
        events.take();
    }

    @ParameterizedTest
    @ContainerSource
    void eachAnswerIsToldOf(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("data.bin"), 1000);
        try (EmbeddedContainer container = start(kind)) {
            container.get("/files/data.bin", "Range: bytes=0-9").assertComplete();
            assertTold("part", "answered 206 APPLIED sent 10 saved 990");

            container.get("/files/data.bin", "If-None-Match: *").assertComplete();
            assertTold("current", "answered 304 NOT_MODIFIED sent 0 saved 1000");

            long listing = container.get("/files/").assertComplete().bodyLength();
            assertTold("listing", "answered 200 ABSENT sent " + listing + " saved 0");

            container.get("/files/nothing").assertComplete();
            container.get("/files/data.bin", "Range: bytes=5-").assertComplete();
            assertTold("after 404", "answered 206 APPLIED sent 995 saved 5");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aClientThatVanishesIsToldOf(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("large.bin"), 24L << 20);
        try (EmbeddedContainer container = start(kind)) {
            try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
                client.open(RawRequest.get("/files/large.bin")).readBody(200_000);
                client.reset();
            }
            assertTold("reset", "aborted");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void aFileThatFailsIsToldOf(ContainerKind kind) throws IOException {
        Path file = Bytes.write(root.resolve("large.bin"), 24L << 20);
        try (EmbeddedContainer container = start(kind)) {
            try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
                var begun = client.open(RawRequest.get("/files/large.bin"));
                begun.readBody(200_000);
                Files.write(file, List.of("truncated"));
                begun.digestRest();
            }
            assertTold("truncated", "failed");
        }
    }
}
