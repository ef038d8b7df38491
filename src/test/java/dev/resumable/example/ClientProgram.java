// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A download program of the machine, run with nothing of the user's: no proxy, no configuration, no other language.
 *
 * <p>One that is missing fails the test; {@code .ci/run} installs them.
 */
enum ClientProgram {
    CURL("curl", "-q", "--silent", "--show-error", "--max-time", "100"),
    WGET("wget", "--no-config", "--no-verbose", "--no-hsts", "--timeout=100");

    private static final int SECONDS = 110;

    private final List<String> command;

    ClientProgram(String... command) {
        this.command = List.of(command);
    }

    /**
     * What a program has done.
     *
     * @param exit its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Outcome(int exit, String out, String err) {
        Outcome assertSuccess() {
            assertThat(exit).as("exit code of a run that said: %s", err).isZero();
            return this;
        }
    }

    /** Runs to the end in {@code directory}; relative names among the arguments are below it. */
    Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("client-", ".out");
        Path err = Files.createTempFile("client-", ".err");
        try {
            Process process = start(directory, out, err, arguments);
            try {
                assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                        .as("%s ended in time: %s", this, Files.readString(err))
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Starts it in {@code directory} and leaves it to the caller to end it. */
    Process start(Path directory, Path out, Path err, String... arguments) {
        List<String> all = Stream.concat(command.stream(), Stream.of(arguments)).toList();
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH"));
        environment.putAll(Map.of("LC_ALL", "C", "HOME", directory.toString()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(command.get(0) + " is missing on this machine; .ci/run installs it", e);
        }
    }
}
