// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** tus-java-client as its users run it, which sends PATCH as an overridden POST, in the chunked coding. */
@DisplayName("tus-java-client, 20 MiB in chunks of 1 MiB,")
class TusJavaClientTest {

    private static final int SIZE = 20 << 20;
    private static final int CHUNK = 1 << 20;
    /** Between two attempts, so that the server has seen the end of the first one. */
    private static final int DELAY_MILLIS = 200;

    @TempDir
    private static Path directory;

    private static UploadServers servers;
    private static byte[] whole;
    private static Path file;

    /** What the client remembers over its attempts: which file goes to which upload. */
    private final TusURLMemoryStore known = new TusURLMemoryStore();

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
        whole = bytes(1, SIZE);
        file = Files.write(directory.resolve("film.mp4"), whole);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private io.tus.java.client.TusClient program(int port) throws IOException {
        io.tus.java.client.TusClient program = new io.tus.java.client.TusClient();
        program.setUploadCreationURL(
                URI.create("http://127.0.0.1:" + port + "/app/uploads/").toURL());
        program.setHeaders(Map.of("X-Owner", "alice"));
        program.enableResuming(known);
        return program;
    }

    private static TusUpload upload() throws IOException {
        TusUpload upload = new TusUpload(file.toFile());
        upload.setMetadata(Map.of("filename", "film.mp4"));
        return upload;
    }

    private static TusUploader inChunks(TusUploader uploader) {
        uploader.setChunkSize(CHUNK);
        uploader.setRequestPayloadSize(CHUNK);
        return uploader;
    }

    private static void sendAll(TusUploader uploader) throws IOException, ProtocolException {
        int sent = 0;
        while (sent >= 0) {
            sent = uploader.uploadChunk();
        }
        uploader.finish();
    }

    private static void assertIsStored(ContainerKind kind, TusUploader uploader) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String path = uploader.getUploadURL().getPath();
        assertThat(client.content(path)).isEqualTo(whole);
        assertThat(PartsClient.file(servers.client(kind).get(path))).containsEntry("fileName", "film.mp4");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends a file")
    void sends(ContainerKind kind) throws Exception {
        TusUploader uploader = inChunks(program(servers.on(kind).port()).createUpload(upload()));
        sendAll(uploader);
        assertIsStored(kind, uploader);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("stops, and goes on later where it was")
    void stopsAndGoesOn(ContainerKind kind) throws Exception {
        int port = servers.on(kind).port();
        TusUploader first = inChunks(program(port).resumeOrCreateUpload(upload()));
        for (int chunk = 0; chunk < 7; chunk++) {
            first.uploadChunk();
        }
        first.finish();

        TusUploader second = inChunks(program(port).resumeUpload(upload()));

        assertThat(second.getUploadURL()).isEqualTo(first.getUploadURL());
        assertThat(second.getOffset()).isEqualTo(7 * CHUNK);
        sendAll(second);
        assertIsStored(kind, second);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes on by itself however often its connection is cut")
    void isCut(ContainerKind kind) throws Exception {
        try (FaultyLink link = FaultyLink.to(servers.on(kind).port())) {
            link.everyConnection(LinkPlan.toServer(Fault.cutAfter(3 * CHUNK + 333_333)));
            goesOnByItself(kind, link);
        }
    }

    private void goesOnByItself(ContainerKind kind, FaultyLink link) throws Exception {
        io.tus.java.client.TusClient program = program(link.port());
        TusUpload upload = upload();
        AtomicInteger attempts = new AtomicInteger();
        AtomicReference<TusUploader> last = new AtomicReference<>();
        TusExecutor executor = new TusExecutor() {
            @Override
            protected void makeAttempt() throws ProtocolException, IOException {
                attempts.incrementAndGet();
                last.set(inChunks(program.resumeOrCreateUpload(upload)));
                sendAll(last.get());
            }
        };
        int[] delays = new int[40];
        Arrays.fill(delays, DELAY_MILLIS);
        executor.setDelays(delays);

        assertThat(executor.makeAttempts()).isTrue();

        assertThat(attempts).hasValueGreaterThan(2);
        assertIsStored(kind, last.get());
    }
}
