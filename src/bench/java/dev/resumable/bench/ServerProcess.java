// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** A server as a process of its own, and what the system says of its use of processor and memory. */
final class ServerProcess implements AutoCloseable {

    /** Enough for whoever keeps 64 MiB in the heap, twice. */
    static final String USUAL_HEAP = "-Xmx512m";

    /** Too little for whoever does. */
    static final String SMALL_HEAP = "-Xmx64m";

    /** Where servers complain; some do when they are out of memory. */
    static final Path LOG = Path.of("target", "bench", "servers.log").toAbsolutePath();

    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final int port;
    private final Optional<BufferedReader> answers;
    private final Optional<Path> temporary;

    /**
     * @param answers where a Java program of ours answers questions about its heap
     * @param temporary the directory for its temporary files, removed with the process
     */
    private ServerProcess(Process process, int port, Optional<BufferedReader> answers, Optional<Path> temporary) {
        this.process = process;
        this.port = port;
        this.answers = answers;
        this.temporary = temporary;
        // Those that are no Java programs do not see the end of this one.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-server"));
    }

    /** Starts a contestant in a container. */
    static ServerProcess inContainer(ContainerKind kind, Contestant contestant, Site site, String heap)
            throws IOException {
        return inContainer(kind, contestant, site, heap, "usual");
    }

    /** The container alone, set to give strong entity-tags to files; only Tomcat can. */
    static ServerProcess withStrongTags(ContainerKind kind, Site site) throws IOException {
        return inContainer(kind, Contestant.OWN, site, USUAL_HEAP, "strong");
    }

    private static ServerProcess inContainer(
            ContainerKind kind, Contestant contestant, Site site, String heap, String tags) throws IOException {
        return java(
                heap,
                BenchServer.class,
                kind.name(),
                contestant.name(),
                site.directory().toString(),
                tags);
    }

    /** Starts a program of ours that tells its port in a line, and of its heap when it is asked. */
    static ServerProcess java(Class<?> program, String... arguments) throws IOException {
        return java(USUAL_HEAP, program, arguments);
    }

    private static ServerProcess java(String heap, Class<?> program, String... arguments) throws IOException {
        Path temporary = Files.createTempDirectory("resumable-bench-");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Started started = launch(command);
        return new ServerProcess(started.process(), started.port(), Optional.of(started.out()), Optional.of(temporary));
    }

    /** Starts a program of another kind that tells its port in a line. */
    static ServerProcess start(List<String> command) throws IOException {
        Started started = launch(command);
        return new ServerProcess(started.process(), started.port(), Optional.empty(), Optional.empty());
    }

    private record Started(Process process, int port, BufferedReader out) {}

    private static Started launch(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        // Libraries may greet first.
        while (line != null && !line.startsWith("port ")) {
            line = out.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("did not start: " + String.join(" ", command));
        }
        return new Started(process, Integer.parseInt(line.substring("port ".length())), out);
    }

    /** Takes a program that listens on a port that it was given. */
    static ServerProcess of(Process process, int port) {
        return new ServerProcess(process, port, Optional.empty(), Optional.empty());
    }

    /** What it has allocated since this was asked last; empty for programs that are not ours. */
    Optional<HeapUse> heapUse() throws IOException {
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String line = answers.get().readLine();
        while (line != null && !line.startsWith("heap ")) {
            line = answers.get().readLine();
        }
        if (line == null) {
            throw new IOException("the server has ended");
        }
        String[] words = line.split(" ");
        return Optional.of(new HeapUse(Long.parseLong(words[1]), Long.parseLong(words[2])));
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time up to now in seconds, by user and system, of the process and those it has started. */
    double cpuSeconds() {
        return processes().mapToDouble(ServerProcess::cpuSeconds).sum();
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static double cpuSeconds(ProcessHandle handle) {
        try {
            String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
            // After the name, which may hold anything: utime and stime are fields 14 and 15 of all, 12 and 13 of these.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Forgets the peak of memory use so far. */
    void resetPeak() {
        processes().forEach(handle -> {
            try {
                Files.writeString(Path.of("/proc/" + handle.pid() + "/clear_refs"), "5");
            } catch (IOException e) {
                // Not allowed here: the peak is then that of all workloads so far.
            }
        });
    }

    /** The most resident memory since {@link #resetPeak}, in bytes. */
    long peakBytes() {
        return processes().mapToLong(ServerProcess::peakBytes).sum();
    }

    private static long peakBytes(ProcessHandle handle) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + handle.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes().toList();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
            temporary.ifPresent(directory -> FileUtils.deleteQuietly(directory.toFile()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
