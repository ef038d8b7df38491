// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the servers that are no Java programs, where they are installed. */
final class NativeServers {

    private static final int TRIES = 100;

    private NativeServers() {}

    /** Starts one; empty if this machine does not have it. */
    static Optional<ServerProcess> start(Contestant contestant, Site site) throws IOException {
        Optional<Path> found = find(contestant);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                contestant == Contestant.GO
                        ? go(found.get(), site)
                        : nginx(found.get(), "nginx", "root " + site.directory() + ";"));
    }

    /** Starts nginx in front of a server; empty if this machine does not have it. */
    static Optional<ServerProcess> proxy(int origin) throws IOException {
        Optional<Path> found = find(Contestant.NGINX);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String location = """
                location / {
                    proxy_pass http://127.0.0.1:%d;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    # Or the disk would be measured.
                    proxy_max_temp_file_size 0;
                }""".formatted(origin);
        return Optional.of(nginx(found.get(), "nginx-proxy", location));
    }

    /** The program of a contestant, if this machine has it. */
    static Optional<Path> find(Contestant contestant) {
        String program = contestant == Contestant.GO ? "go" : "nginx";
        return Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static ServerProcess go(Path go, Site site) throws IOException {
        Path binary = Site.workDirectory("go").resolve("files");
        Process build = new ProcessBuilder(go.toString(), "build", "-o", binary.toString(), "src/bench/go/files.go")
                .inheritIO()
                .start();
        try {
            if (!build.waitFor(2, TimeUnit.MINUTES) || build.exitValue() != 0) {
                throw new IOException("src/bench/go/files.go could not be built");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return ServerProcess.start(List.of(binary.toString(), site.directory().toString()));
    }

    private static ServerProcess nginx(Path nginx, String name, String content) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path home = Site.workDirectory(name);
        Path configuration = Files.writeString(home.resolve("nginx.conf"), configuration(home, content, port));
        Process process = new ProcessBuilder(
                        nginx.toString(), "-e", "stderr", "-p", home.toString(), "-c", configuration.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(ServerProcess.LOG.toFile()))
                .start();
        awaitListening(process, port);
        return ServerProcess.of(process, port);
    }

    private static String configuration(Path home, String content, int port) {
        String paths = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(name -> name + "_temp_path " + home.resolve(name) + ";\n")
                .reduce("", String::concat);
        return """
                daemon off;
                user %s;
                worker_processes auto;
                pid %s;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    # Not tcp_nopush: on the loopback interface it holds the end of each range back for 40 ms.
                    keepalive_requests 1000000000;
                    default_type application/octet-stream;
                    %s
                    server { listen 127.0.0.1:%d; %s }
                }
                """.formatted(System.getProperty("user.name"), home.resolve("pid"), paths, port, content);
    }

    private static void awaitListening(Process process, int port) throws IOException {
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                Pause.millis(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("nginx did not start");
    }
}
