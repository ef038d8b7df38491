// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A log that is written to all the time. */
@DisplayName("a file that never stands still")
final class MovingFileTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can be read: whole as it is, or visibly cut, never an error page")
    void appended(ContainerKind kind) throws Exception {
        Path log = Bytes.write(directory.resolve("log"), 2_000_000);
        AtomicBoolean ended = new AtomicBoolean();
        Thread writer = new Thread(() -> appendTo(log, ended));
        writer.start();
        try (EntityTagSource tags = EntityTagSource.of(ContentOptions.defaults());
                EmbeddedContainer container = kind.start(new WebApp().servlet("log", sender(log, tags), "/log"))) {
            for (int i = 0; i < 20; i++) {
                RawResponse response = container.get("/log");

                assertThat(response.status()).isEqualTo(200);
                if (response.completion() == Completion.COMPLETE) {
                    assertThat(response.bodyLength()).isGreaterThanOrEqualTo(2_000_000);
                }
            }
        } finally {
            ended.set(true);
            writer.join();
        }
    }

    private static HttpServlet sender(Path log, EntityTagSource tags) {
        FileContent files = new FileContent(ContentResponse.defaults(), tags);
        return new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                files.send(log, Optional.of("text/plain"), ContentRequest.of(request), Delivery.of(request, response));
            }
        };
    }

    private static void appendTo(Path log, AtomicBoolean ended) {
        byte[] line = "one more line\n".getBytes(StandardCharsets.US_ASCII);
        try {
            while (!ended.get()) {
                Files.write(log, line, StandardOpenOption.APPEND);
                LockSupport.parkNanos(200_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
