// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code java -jar webapp-example.war} with its two outputs apart and a temporary directory of its own. */
final class WarCommand implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String ANNOUNCEMENT = "Listening on ";

    private final Path directory;
    private final Process process;

    private WarCommand(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** Starts it in {@code directory}, an existing one, where {@code temporary}, {@code out} and {@code err} appear. */
    static WarCommand start(Path directory, String... options) throws IOException {
        return start(ExampleWar.path(), directory, options);
    }

    /** Starts a copy of the WAR. */
    static WarCommand start(Path war, Path directory, String... options) throws IOException {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("-jar", war.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        // Either would change what is printed or served.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "RESUMABLE_EXAMPLE_DIR"));
        return new WarCommand(directory, builder.start());
    }

    /** Waits for the line that tells the address, the first one. */
    URI awaitAddress() {
        await().atMost(START).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(process.isAlive()).as("alive: %s", err()).isTrue();
            return out().endsWith("\n");
        });
        assertThat(out()).startsWith(ANNOUNCEMENT);
        return URI.create(out().lines().findFirst().orElseThrow().substring(ANNOUNCEMENT.length()));
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Gives the exit code, which must come within {@code time}. */
    int awaitExit(Duration time) throws InterruptedException {
        assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s: %s %s", time, out(), err())
                .isTrue();
        return process.exitValue();
    }

    /** Gives standard output so far. */
    String out() {
        return read("out");
    }

    /** Gives standard error so far. */
    String err() {
        return read("err");
    }

    /** Gives what is below the directory for temporary files. */
    List<Path> temporaryFiles() throws IOException {
        Path temporary = directory.resolve("temporary");
        try (Stream<Path> all = Files.walk(temporary)) {
            return all.filter(path -> !path.equals(temporary)).toList();
        }
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
