// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link UploadProgram} as a process. */
final class UploadProcess implements KilledServer {

    private final ContainerKind kind;
    private final Path directory;
    private final String fsync;
    private @Nullable Process process;

    UploadProcess(ContainerKind kind, Path directory, String fsync) {
        this.kind = kind;
        this.directory = directory;
        this.fsync = fsync;
    }

    @Override
    public int start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        // What is left of one that was killed goes with the rest of the directory.
                        "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("temporary")),
                        "-cp",
                        classPath(),
                        UploadProgram.class.getName(),
                        kind.name(),
                        directory.resolve("uploads").toString(),
                        fsync)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = Objects.requireNonNull(out.readLine(), "the server did not start");
        return Integer.parseInt(line.substring("port ".length()));
    }

    /** Not every runner of tests tells it by the system property. */
    private static String classPath() {
        return UploadProcess.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    @Override
    public String base() {
        return "/app/uploads";
    }

    @Override
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
