// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P48, P49: bodies that fill the socket again and again, so that every way of sending has to stop and go on. */
@DisplayName("a body larger than all buffers")
final class LargeBodyTest {

    /** One container spoils what it gets as buffers from about 4 MB on. */
    private static final int LENGTH = 65 << 20;

    @TempDir
    private Path root;

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(Shape.addAll(FilteredApp.create(), root, LENGTH));
    }

    @ParameterizedTest(name = "P48 {0}")
    @ContainerSource
    @DisplayName("P48 P49 arrives byte for byte, by HTTP/1.1 and by HTTP/1.0, and the connection goes on")
    void everyByte(ContainerKind kind) throws IOException {
        String expected = Bytes.sha256(0, LENGTH);
        try (EmbeddedContainer container = start(kind);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
            for (Shape shape : Shape.values()) {
                RawResponse got =
                        client.open(RawRequest.get(shape.path())).digestRest().assertComplete();
                assertThat(got.sha256()).as("%s", shape).isEqualTo(expected);
            }
            for (Shape shape : new Shape[] {Shape.FILE, Shape.GENERATED}) {
                try (RawClient old = container.connect()) {
                    OpenResponse begun = old.open(RawRequest.get(shape.path()).http10());
                    assertThat(begun.head().field("Transfer-Encoding")).isEmpty();
                    assertThat(begun.digestRest().assertComplete().sha256())
                            .as("%s", shape)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ContainerSource
    @DisplayName("is right in long ranges, one and several")
    void ranges(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
            for (Shape shape : Shape.values()) {
                RawResponse part = client.open(RawRequest.get(shape.path(), "Range: bytes=1000001-"))
                        .digestRest()
                        .assertComplete();
                assertThat(part.status()).as("%s", shape).isEqualTo(206);
                assertThat(part.sha256()).as("%s", shape).isEqualTo(Bytes.sha256(1_000_001, LENGTH - 1_000_001L));
            }
        }
    }
}
