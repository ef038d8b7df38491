// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One way to get many bytes to the disk.
 *
 * @param transfer does it, and cleans up when time and processor time were taken
 * @param server the server that does it, if there is one
 */
record UploadWay(String title, Transfer transfer, Optional<ServerProcess> server) {

    private static final Pattern TIME = Pattern.compile("(\\d+)m([\\d.]+)s");

    /** What it took. */
    record Taken(double seconds, double cpuSeconds) {}

    @FunctionalInterface
    interface Transfer {
        Taken run(long bytes) throws IOException;
    }

    /** What a client does to upload so many bytes; gives the path to delete. */
    @FunctionalInterface
    interface Protocol {
        String upload(UploadConnection connection, long bytes) throws IOException;
    }

    static UploadWay over(ServerProcess server, String title, Protocol protocol) {
        return new UploadWay(title, bytes -> upload(server, protocol, bytes), Optional.of(server));
    }

    private static Taken upload(ServerProcess server, Protocol protocol, long bytes) throws IOException {
        try (UploadConnection connection = UploadConnection.open(server.port())) {
            double cpu = server.cpuSeconds();
            long begun = System.nanoTime();
            String path = protocol.upload(connection, bytes);
            Taken taken = new Taken((System.nanoTime() - begun) / 1e9, server.cpuSeconds() - cpu);
            connection.delete(path);
            return taken;
        }
    }

    /** Commands that make {@code file} of their standard input. */
    static UploadWay by(String commands, Path directory) {
        return new UploadWay("`" + commands + "`", bytes -> run(commands, directory, bytes), Optional.empty());
    }

    private static Taken run(String commands, Path directory, long bytes) throws IOException {
        byte[] block = Block.random().bytes();
        long begun = System.nanoTime();
        Process process = new ProcessBuilder("sh", "-c", commands + "; times")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(ServerProcess.LOG.toFile()))
                .start();
        try (OutputStream out = process.getOutputStream()) {
            for (long left = bytes; left > 0; left -= Block.SIZE) {
                out.write(block);
            }
        }
        String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Path file = directory.resolve("file");
        if (Files.size(file) != bytes) {
            throw new IOException("does not work here");
        }
        Files.delete(file);
        // Of the shell and of what it has started, each for user and system.
        double cpu = TIME.matcher(times)
                .results()
                .mapToDouble(time -> Integer.parseInt(time.group(1)) * 60 + Double.parseDouble(time.group(2)))
                .sum();
        return new Taken(seconds, cpu);
    }
}
