// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.upload.EngineFixture.CatalogueKind;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.h2.Driver;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that is killed (SIGKILL) again and again while it takes uploads, always on the same directory. */
@DisplayName("after kill -9")
class CrashTest {

    private static final int KILLS = 16;
    private static final int LINES_AT_MOST = 40;

    @TempDir
    private Path directory;

    private final Map<UploadId, Long> offsets = new HashMap<>();
    private final Map<UploadId, Set<Integer>> parts = new HashMap<>();
    private final Map<UploadId, FileId> files = new HashMap<>();

    @ParameterizedTest
    @EnumSource
    @DisplayName("every acknowledged byte is there, nothing torn, and nothing left of deleted files")
    void kills(CatalogueKind kind) throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(kind, random);
            verify(kind, "seed " + seed + ", kill " + kill);
        }
        assertThat(files).as("completed in all").isNotEmpty();
    }

    private void runAndKill(CatalogueKind kind, Random random) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        CrashProgram.class.getName(),
                        directory.toString(),
                        kind.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int lines = 1 + random.nextInt(LINES_AT_MOST);
            for (int i = 0; i < lines; i++) {
                String line = out.readLine();
                assertThat(line).as("the process ended by itself").isNotNull();
                note(line);
            }
            Thread.sleep(random.nextInt(8));
            // By its handle: the process would close the pipe, and with it what was acknowledged last.
            process.toHandle().destroyForcibly();
            for (String line = out.readLine(); line != null && line.split(" ").length > 1; line = out.readLine()) {
                note(line);
            }
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** What the program needs, from wherever this test has it: not every runner tells by a system property. */
    private static String classPath() {
        return Stream.of(
                        CrashProgram.class,
                        UploadEngine.class,
                        JSON.class,
                        JsonFactory.class,
                        PathUtils.class,
                        Driver.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length == 3 && UploadId.parse(words[1]).isPresent()) {
            UploadId id = new UploadId(words[1]);
            switch (words[0]) {
                case "offset" -> offsets.put(id, Long.parseLong(words[2]));
                case "part" -> parts.computeIfAbsent(id, key -> new HashSet<>()).add(Integer.parseInt(words[2]));
                case "deleting" -> files.remove(id);
                default -> FileId.parse(words[2]).ifPresent(file -> files.put(id, file));
            }
        }
    }

    private void verify(CatalogueKind kind, String when) throws IOException {
        try (EngineFixture uploads = EngineFixture.in(directory, kind)) {
            uploads.engine.sweep();
            for (Map.Entry<UploadId, Long> acknowledged : offsets.entrySet()) {
                UploadState state = uploads.look(acknowledged.getKey());
                assertThat(state.offset()).as(when).isGreaterThanOrEqualTo(acknowledged.getValue());
            }
            for (Map.Entry<UploadId, Set<Integer>> acknowledged : parts.entrySet()) {
                UploadState state = uploads.look(acknowledged.getKey());
                assertThat(state.parts().keySet()).as(when).containsAll(acknowledged.getValue());
            }
            for (UploadState state : uploads.store.states().unfinished(EngineFixture.OWNER)) {
                assertBytes(uploads, state, when);
            }
            for (Map.Entry<UploadId, FileId> acknowledged : files.entrySet()) {
                Optional<StoredFile> file = uploads.engine.file(acknowledged.getValue(), EngineFixture.OWNER);
                assertThat(file).as(when).isPresent();
            }
            for (StoredFile file : uploads.engine.files(EngineFixture.OWNER)) {
                try (var in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
                    assertThat(hex(in.readAllBytes())).as(when).isEqualTo(file.sha256());
                }
            }
            assertThat(blobs())
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(uploads.engine.files(EngineFixture.OWNER).stream()
                            .map(file -> file.blob().value())
                            .toList());
        }
    }

    private List<String> blobs() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("blobs"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static void assertBytes(EngineFixture uploads, UploadState state, String when) throws IOException {
        byte[] content = CrashProgram.content(state.id());
        byte[] there = uploads.bytes(state);
        assertThat(there).as(when).hasSize((int) state.offset());
        if (state.parts().isEmpty()) {
            assertThat(there).as(when).isEqualTo(Arrays.copyOf(content, there.length));
            return;
        }
        int at = 0;
        for (Part part : state.parts().values()) {
            if (at >= there.length) {
                break;
            }
            byte[] bytes = Arrays.copyOfRange(there, at, at + (int) part.size());
            assertThat(hex(bytes)).as(when).isEqualTo(part.sha256());
            at += (int) part.size();
        }
    }
}
