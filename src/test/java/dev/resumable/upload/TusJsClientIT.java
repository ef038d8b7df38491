// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** tus-js-client on Node, which {@code .ci/run} installs, driven by {@code tus-client.js}. */
@DisplayName("tus-js-client, 20 MiB in chunks of 1 MiB,")
class TusJsClientIT {

    private static final int SIZE = 20 << 20;
    private static final int CHUNK = 1 << 20;
    private static final int SECONDS = 90;
    private static final Path MODULES =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "target", "node", "node_modules");

    @TempDir
    private static Path shared;

    private static UploadServers servers;
    private static byte[] whole;
    private static Path file;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(MODULES.resolve("tus-js-client")),
                "tus-js-client is not in target/node; .ci/run installs it");
        servers = UploadServers.start(Map.of());
        whole = bytes(1, SIZE);
        file = Files.write(shared.resolve("film.mp4"), whole);
    }

    @AfterAll
    static void stop() {
        if (servers != null) {
            servers.close();
        }
    }

    /**
     * What a run of the client came to.
     *
     * @param end {@code success}, {@code aborted}, or what went wrong
     * @param url the upload, empty if there is none
     * @param offsets what the server has told of offsets, in order
     * @param methods how many answers there were to each method
     */
    private record Run(String end, String url, List<Integer> offsets, Map<String, Integer> methods) {
        String path() {
            return URI.create(url).getPath();
        }
    }

    private Run run(int port, Object... options) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("chunkSize", CHUNK));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i].toString(), options[i + 1]);
        }
        Path out = directory.resolve("out");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(
                "node",
                script(),
                "http://127.0.0.1:" + port + "/app/uploads/",
                file.toString(),
                JSON.std.asString(all));
        builder.environment().put("NODE_PATH", MODULES.toString());
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("ended in time: %s", Files.readString(errors))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return read(Files.readString(out), Files.readString(errors));
    }

    private static String script() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TusJsClientIT.class.getResource("tus-client.js"))
                        .toURI())
                .toString();
    }

    @SuppressWarnings("unchecked")
    private static Run read(String out, String errors) throws IOException {
        assertThat(out).as("output of a client that said: %s", errors).isNotEmpty();
        Map<String, Object> report = JSON.std.mapFrom(out);
        return new Run(
                report.get("end").toString(),
                Objects.toString(report.get("url"), ""),
                new ArrayList<>((List<Integer>) report.get("offsets")),
                (Map<String, Integer>) report.get("methods"));
    }

    private static void assertIsStored(ContainerKind kind, Run run) throws IOException {
        assertThat(run.end()).isEqualTo("success");
        assertThat(TusClient.on(servers, kind).content(run.path())).isEqualTo(whole);
        assertThat(PartsClient.file(servers.client(kind).get(run.path()))).containsEntry("fileName", "film.mp4");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends a file, however it is told to")
    void sends(ContainerKind kind) throws Exception {
        int port = servers.on(kind).port();
        Run plain = run(port);
        assertIsStored(kind, plain);
        assertThat(plain.methods()).isEqualTo(Map.of("POST", 1, "PATCH", SIZE / CHUNK));
        Run overridden = run(port, "overridePatchMethod", true);
        assertIsStored(kind, overridden);
        assertThat(overridden.methods()).isEqualTo(Map.of("POST", 1 + SIZE / CHUNK));
        Run early = run(port, "uploadDataDuringCreation", true);
        assertIsStored(kind, early);
        assertThat(early.methods()).isEqualTo(Map.of("POST", 1, "PATCH", SIZE / CHUNK - 1));
        // The client waits for ever for more of a stream that ends with a chunk.
        assertIsStored(kind, run(port, "stream", true, "uploadLengthDeferred", true, "chunkSize", 3 * CHUNK));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("aborts in the middle of a request, and goes on in another process")
    void abortsAndGoesOn(ContainerKind kind) throws Exception {
        int port = servers.on(kind).port();
        String memory = directory.resolve("memory").toString();
        Run first = run(port, "remember", memory, "abortAfter", 7 * CHUNK + CHUNK / 2);
        assertThat(first.end()).isEqualTo("aborted");

        Run second = run(port, "remember", memory);

        assertThat(second.path()).isEqualTo(first.path());
        assertThat(second.offsets().get(0)).isBetween(7 * CHUNK, 9 * CHUNK);
        assertIsStored(kind, second);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("aborts for good")
    void terminates(ContainerKind kind) throws Exception {
        Run run = run(servers.on(kind).port(), "abortAfter", 3 * CHUNK, "terminate", true);

        assertThat(run.end()).isEqualTo("aborted");
        assertThat(run.methods()).containsEntry("DELETE", 1);
        assertThat(TusClient.on(servers, kind).head(run.path()).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes on by itself however often its connection is cut")
    void isCut(ContainerKind kind) throws Exception {
        try (FaultyLink link = FaultyLink.to(servers.on(kind).port())) {
            link.everyConnection(LinkPlan.toServer(Fault.cutAfter(3 * CHUNK + 333_333)));

            Run run = run(link.port());

            assertThat(run.offsets()).hasSizeGreaterThan(2);
            assertIsStored(kind, run);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("sends four pieces side by side, which are joined")
    void sendsInParallel(ContainerKind kind) throws Exception {
        Run run = run(servers.on(kind).port(), "parallelUploads", 4);

        assertIsStored(kind, run);
        assertThat(TusClient.on(servers, kind)
                        .head(run.path())
                        .field("Upload-Concat")
                        .orElse(""))
                .startsWith("final;");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes on with pieces that were cut or aborted")
    void goesOnInParallel(ContainerKind kind) throws Exception {
        try (FaultyLink link = FaultyLink.to(servers.on(kind).port())) {
            link.everyConnection(LinkPlan.toServer(Fault.cutAfter(2 * CHUNK + 333_333)));
            String memory = directory.resolve("memory").toString();
            Object[] options = {"parallelUploads", 4, "remember", memory};
            assertThat(run(link.port(), with(options, "abortAfter", 9 * CHUNK)).end())
                    .isEqualTo("aborted");

            Run run = run(link.port(), options);

            assertThat(run.offsets()).hasSizeGreaterThanOrEqualTo(4);
            assertIsStored(kind, run);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("speaks the IETF draft in the two versions that it knows, is cut, aborts, and goes on")
    void speaksTheDraft(ContainerKind kind) throws Exception {
        for (String version : List.of("ietf-draft-03", "ietf-draft-05")) {
            try (FaultyLink link = FaultyLink.to(servers.on(kind).port())) {
                link.everyConnection(LinkPlan.toServer(Fault.cutAfter(4 * CHUNK + 333_333)));
                String memory = directory.resolve(version).toString();
                Object[] options = {"protocol", version, "remember", memory};
                assertThat(run(link.port(), with(options, "abortAfter", 9 * CHUNK))
                                .end())
                        .isEqualTo("aborted");

                Run run = run(link.port(), options);

                assertThat(run.end()).isEqualTo("success");
                assertThat(run.offsets().get(0)).as("offset with %s", version).isGreaterThanOrEqualTo(8 * CHUNK);
                // It says of no piece that it is the last one: its FileSource compares each of them with the whole
                // file.
                DraftClient draft = DraftClient.on(servers, kind);
                assertThat(draft.offset(run.path())).isEqualTo(SIZE);
                assertThat(draft.finish(run.path(), SIZE, new byte[0]).status()).isBetween(200, 204);
                assertThat(draft.content(run.path())).isEqualTo(whole);
            }
        }
    }

    private static Object[] with(Object[] options, Object... more) {
        List<Object> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray();
    }
}
