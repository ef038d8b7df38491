// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program in a jar is started, found at the address it prints, killed and started again. */
@Timeout(60)
final class ExecutableWarTest {
    @TempDir
    Path directory;

    /** What the jar under test runs: it answers each request with its own arguments. */
    public static final class Program {
        private Program() {}

        /** Starts a server on the port of {@code --port}, or ends at once without that option. */
        public static void main(String[] arguments) throws IOException {
            if (Arrays.asList(arguments).contains("--fail")) {
                throw new IOException("told to fail");
            }
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
            HttpServer server = HttpServer.create(address, 0);
            byte[] answer = String.join(" ", arguments).getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            System.out.println("some other line");
            System.out.println(
                    "Listening on http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }
    }

    private Path jar() throws IOException {
        Path jar = directory.resolve("program.war");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
        String entry = Program.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream program = Program.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            program.transferTo(out);
        }
        return jar;
    }

    @Test
    void startsDiesAndStartsAgainOnTheSamePort() throws IOException {
        Path files = Files.createDirectory(directory.resolve("files"));
        try (ExecutableWar war = ExecutableWar.start(jar(), files, "--more", "x")) {
            int port = war.port();
            assertThat(answer(war)).isEqualTo("--port " + port + " --dir " + files.toAbsolutePath() + " --more x");
            war.kill9();
            assertThatThrownBy(war::connect).isInstanceOf(ConnectException.class);
            war.restart();
            assertThat(war.port()).isEqualTo(port);
            assertThat(answer(war)).startsWith("--port " + port + " ");
            war.stop();
            assertThat(war.handle().isAlive()).isFalse();
            assertThat(war.logTail()).contains("some other line");
        }
    }

    private static String answer(ExecutableWar war) throws IOException {
        try (RawClient client = war.connect()) {
            return client.get("/").assertComplete().bodyText();
        }
    }

    @Test
    void failsWithTheLogWhenTheProgramEnds() throws IOException {
        Path files = Files.createDirectory(directory.resolve("files"));
        Path jar = jar();
        assertThatThrownBy(() -> ExecutableWar.start(jar, files, "--fail").close())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("told to fail");
    }
}
