// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A WAR run by {@code java -jar WAR --port PORT --dir DIR}, as its users run it.
 *
 * <p>It is started when it has printed {@code Listening on http://HOST:PORT/}. The port is the same over {@link #restart}:
 * a {@link FreePort}, which no client of another test gets meanwhile. Beside {@code DIR} are its log, added to by each
 * start, and its temporary files.
 */
public final class ExecutableWar implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final String ANNOUNCEMENT = "Listening on ";

    private final Path war;
    private final Path directory;
    private final List<String> options;
    private final Path log;
    /** Of the process: what one that was killed leaves goes with the files of the test. */
    private final Path temporary;

    private JavaProcess process;
    private URI uri;

    private ExecutableWar(Path war, Path directory, List<String> options) throws IOException {
        this.war = war.toAbsolutePath();
        this.directory = directory.toAbsolutePath();
        this.options = options;
        this.log = Files.createTempFile(this.directory.getParent(), "war-", ".log");
        this.temporary = Files.createTempDirectory(this.directory.getParent(), "war-temporary-");
        this.process = launch(FreePort.find());
        this.uri = awaitAnnouncement(0);
    }

    /** Starts the WAR on a free port with its files in {@code directory}, and with further {@code options}. */
    public static ExecutableWar start(Path war, Path directory, String... options) throws IOException {
        return new ExecutableWar(war, directory, List.of(options));
    }

    /** Gives the address that the WAR has printed. */
    public URI baseUri() {
        return uri;
    }

    /** Gives the TCP port. */
    public int port() {
        return uri.getPort();
    }

    /** Gives the process, say to look at its memory and its open files. */
    public ProcessHandle handle() {
        return process.handle();
    }

    /** Gives the last lines of the log, for failure messages. */
    public String logTail() {
        return process.logTail();
    }

    /** Opens a connection of its own. */
    public RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    /** Kills the process as {@code kill -9} does. */
    public void kill9() {
        process.kill9();
    }

    /** Ends the process in order (SIGTERM) and waits for it. */
    public void stop() {
        process.stop();
    }

    /** Starts again on the same directory and port, after ending the process in order if it runs. */
    public void restart() throws IOException {
        if (process.isAlive()) {
            process.stop();
        }
        long seen = Files.size(log);
        process = launch(port());
        uri = awaitAnnouncement(seen);
    }

    private JavaProcess launch(int port) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-Djava.io.tmpdir=" + temporary));
        arguments.addAll(List.of("-jar", war.toString(), "--port", Integer.toString(port)));
        arguments.addAll(List.of("--dir", directory.toString()));
        arguments.addAll(options);
        return JavaProcess.start(arguments, directory, log);
    }

    private URI awaitAnnouncement(long from) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Optional<URI> announced = announcement(from);
        while (announced.isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                AssertionError failure = new AssertionError("the WAR did not start" + process.logTail());
                close();
                throw failure;
            }
            pause();
            announced = announcement(from);
        }
        return announced.orElseThrow();
    }

    /** Finds the line behind the first {@code from} bytes of the log, once all of it is there. */
    private Optional<URI> announcement(long from) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        String text = new String(bytes, (int) from, bytes.length - (int) from, StandardCharsets.UTF_8);
        int start = text.indexOf(ANNOUNCEMENT);
        int end = text.indexOf('\n', Math.max(0, start));
        if (start < 0 || end < 0) {
            return Optional.empty();
        }
        return Optional.of(
                URI.create(text.substring(start + ANNOUNCEMENT.length(), end).strip()));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a WAR starts", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
