// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/**
 * One WAR on a real container distribution, as a process of its own with its own base directory and port.
 *
 * <p>Port, configuration, WAR and all that the application keeps stay the same over {@link #restart}. Failure messages
 * end with the last lines of the log; the logs stay under {@code target/container-runs} after {@link #close}.
 */
public final class ContainerProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final List<String> arguments;
    private final Path base;
    private final int port;
    private final String contextPath;
    private JavaProcess process;

    private ContainerProcess(List<String> arguments, Path base, int port, String contextPath) throws IOException {
        this.arguments = arguments;
        this.base = base;
        this.port = port;
        this.contextPath = contextPath;
        this.process = launch();
    }

    /**
     * Deploys {@code war} and returns when the container answers below {@code contextPath}, whatever the status.
     *
     * @param contextPath empty, or a slash and a name
     * @param systemProperties given to the process as {@code -Dname=value}
     */
    public static ContainerProcess start(
            Distribution distribution, Path war, String contextPath, Map<String, String> systemProperties)
            throws IOException {
        Path home = distribution.home();
        if (!Files.isDirectory(home)) {
            throw new IllegalStateException(home + " is missing; the build unpacks it before its integration tests");
        }
        Path runs = Files.createDirectories(TargetDirectory.path().resolve("container-runs"));
        Path base = Files.createTempDirectory(runs, distribution.name().toLowerCase(java.util.Locale.ROOT) + "-");
        int port = FreePort.find();
        distribution.base().prepare(home, base, port);
        distribution.base().deploy(base, war, contextPath);
        List<String> properties = systemProperties.entrySet().stream()
                .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
                .toList();
        List<String> arguments = distribution.base().arguments(home, base, properties);
        ContainerProcess container = new ContainerProcess(arguments, base, port, contextPath);
        container.awaitAnswer();
        return container;
    }

    /** Gives the TCP port, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Gives {@code http://127.0.0.1:PORT} with the context path and a slash at its end. */
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + port + contextPath + "/");
    }

    /** Gives the base directory, which holds also {@code temp}, the process's directory for temporary files. */
    public Path base() {
        return base;
    }

    /** Gives the process, say to look at its memory and its open files. */
    public ProcessHandle handle() {
        return process.handle();
    }

    /** Gives the last lines of the log, for failure messages. */
    public String logTail() {
        return process.logTail();
    }

    /** Opens a connection of its own to this container. */
    public RawClient connect() throws IOException {
        return RawClient.connect(port);
    }

    /** Sends GET over a connection of its own; {@code target} begins with the context path. */
    public RawResponse get(String target, String... fieldLines) throws IOException {
        return RawClient.once(port, RawRequest.get(target, fieldLines));
    }

    /** Kills the process as {@code kill -9} does. */
    public void kill9() {
        process.kill9();
    }

    /** Ends the process in order (SIGTERM) and waits for it. */
    public void stop() {
        process.stop();
    }

    /** Starts again on the same data and port, after ending the process in order if it runs. */
    public void restart() throws IOException {
        if (process.isAlive()) {
            process.stop();
        }
        process = launch();
        awaitAnswer();
    }

    private JavaProcess launch() throws IOException {
        return JavaProcess.start(arguments, base, base.resolve("logs/console.log"));
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                AssertionError failure = new AssertionError("the container did not start" + process.logTail());
                close();
                throw failure;
            }
            pause();
        }
    }

    private boolean answers() {
        try (RawClient client = connect()) {
            client.timeout(START_TIMEOUT).open(RawRequest.get(contextPath + "/"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a container starts", e);
        }
    }

    @Override
    public void close() {
        process.close();
        for (String name : List.of("webapps", "work", "temp", "conf", "start.d")) {
            FileUtils.deleteQuietly(base.resolve(name).toFile());
        }
    }
}
