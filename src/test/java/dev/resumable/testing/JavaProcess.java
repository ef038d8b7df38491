// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A Java program as a process of its own, on the Java that runs the tests; its output is added to a log file.
 *
 * <p>It does not outlive the tests: what {@link #close} missed, a shutdown hook kills.
 */
final class JavaProcess implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int TAIL = 6_000;

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill-java-processes"));
    }

    private final Process process;
    private final Path log;

    private JavaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code java} with these arguments in {@code directory}. */
    static JavaProcess start(List<String> arguments, Path directory, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        RUNNING.add(process);
        return new JavaProcess(process, log);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills the process as {@code kill -9} does and waits until it is gone. */
    void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Asks the process to end (SIGTERM), waits, and gives its exit status. */
    int stop() {
        process.destroy();
        return awaitExit();
    }

    /** Gives the end of the log, for failure messages. */
    String logTail() {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            return "\n--- end of " + log + "\n" + text.substring(Math.max(0, text.length() - TAIL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int awaitExit() {
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("process did not end within " + STOP_TIMEOUT + logTail());
            }
            RUNNING.remove(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a process", e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill9();
        }
        RUNNING.remove(process);
    }
}
