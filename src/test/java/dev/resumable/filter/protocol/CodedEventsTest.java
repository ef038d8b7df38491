// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Server-sent events through the filter and the container's compression. */
@DisplayName("events behind a compressor")
final class CodedEventsTest {

    private static final String EVENT = "data: first\n\n";

    /** Let go by the test when it has the first event. */
    private final Semaphore next = new Semaphore(0);

    private void send(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.getWriter().write(EVENT);
        response.flushBuffer();
        try {
            if (!next.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the first event did not arrive");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        response.getWriter().write("data: last\n\n");
    }

    @ParameterizedTest(name = "P55 {0} {1}")
    @MethodSource("dev.resumable.filter.protocol.Compression#onEachContainer")
    @DisplayName("P55 arrive one by one, coded or not, also from another thread")
    void firstEvent(ContainerKind kind, Compression compression) throws IOException {
        FilteredApp app = FilteredApp.create()
                .servlet("/events", (request, response) -> send(response))
                .servlet("/async", (request, response) -> Async.run(request, this::send));
        try (EmbeddedContainer container = kind.start(compression.addTo(app.app()))) {
            for (String path : new String[] {"/events", "/async"}) {
                try (RawClient client = container.connect()) {
                    OpenResponse begun = client.open(RawRequest.get(path, "Accept-Encoding: gzip", "Range: bytes=0-3"));
                    InputStream body = new Body(begun);
                    if (begun.head().fields("Content-Encoding").contains("gzip")) {
                        body = new GZIPInputStream(body, 1);
                    }
                    assertThat(new String(body.readNBytes(EVENT.length()), StandardCharsets.US_ASCII))
                            .as(path)
                            .isEqualTo(EVENT);
                    next.release();
                    ByteArrayOutputStream rest = new ByteArrayOutputStream();
                    body.transferTo(rest);
                    assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("data: last\n\n");
                    assertThat(begun.head().fields("ETag")).isEmpty();
                    assertThat(begun.head().fields("Accept-Ranges")).isEmpty();
                }
            }
        }
    }

    /** The bytes of a body as they come, none waited for that is not asked for. */
    private static final class Body extends InputStream {

        private final OpenResponse response;

        Body(OpenResponse response) {
            this.response = response;
        }

        @Override
        public int read() {
            byte[] one = response.readBody(1);
            return one.length == 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            byte[] one = response.readBody(Math.min(1, length));
            System.arraycopy(one, 0, target, offset, one.length);
            return one.length == 0 ? -1 : one.length;
        }
    }
}
