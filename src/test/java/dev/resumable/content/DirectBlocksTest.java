// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

@DisplayName("a representation of an application's own, in large blocks outside of the heap")
final class DirectBlocksTest {

    private static final int LENGTH = 9 << 20;

    private static final int PIECE = 3 << 20;

    private static final class Direct extends HttpServlet implements Representation {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ContentResponse.defaults().send(this, request, response);
        }

        @Override
        public Optional<RangeBlocks> blocks(ByteRange range) {
            List<ByteBuffer> pieces = new ArrayList<>();
            for (long at = range.first(); at <= range.last(); at += PIECE) {
                int length = (int) Math.min(PIECE, range.last() + 1 - at);
                pieces.add(ByteBuffer.allocateDirect(length)
                        .put(Bytes.slice((int) at, length))
                        .flip());
            }
            return Optional.of(RangeBlocks.of(pieces));
        }

        @Override
        public InputStream open(ByteRange range) {
            throw new UnsupportedOperationException("it has blocks");
        }

        @Override
        public long length() {
            return LENGTH;
        }

        @Override
        public Validators validators() {
            return Validators.none();
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("application/octet-stream");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is sent to the last byte, with a thread that waits and without one")
    void everyByte(ContainerKind kind) throws IOException {
        WebApp app = new WebApp()
                .servlet(ServletEntry.of("async", new Direct(), "/async").async())
                .servlet(ServletEntry.of("blocking", new Direct(), "/blocking"));
        try (EmbeddedContainer container = kind.start(app)) {
            for (String path : new String[] {"/async", "/blocking"}) {
                RawResponse whole = container.get(path).assertComplete();
                assertThat(Bytes.sha256(whole.body())).as(path).isEqualTo(Bytes.sha256(0, LENGTH));
                RawResponse part = container.get(path, "Range: bytes=77-").assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(Bytes.sha256(part.body())).as(path).isEqualTo(Bytes.sha256(77, LENGTH - 77));
            }
        }
    }
}
