// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java -jar webapp-example.war}, as a user starts and ends it. */
@Timeout(300)
@DisplayName("java -jar webapp-example.war")
final class ExecutableWarIT {
    /** To stop, whatever clients do; none of their time-outs is as short. */
    private static final Duration SOON = Duration.ofSeconds(15);
    /** To start a JVM that then has nothing to do, on a busy machine. */
    private static final Duration START = Duration.ofSeconds(60);
    /** What a JVM gives that was ended by SIGTERM: 128 and the number of the signal. */
    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    @Test
    @DisplayName("prints one line, serves the directory, and leaves nothing behind on SIGTERM")
    void servesAndEnds() throws Exception {
        Path files = Files.createDirectory(directory.resolve("files"));
        ExampleWar.writePattern(files.resolve("file.bin"), 100_000);
        try (WarCommand command = WarCommand.start(directory, "--port", "0", "--dir", files.toString())) {
            URI address = command.awaitAddress();
            assertThat(address.toString()).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*/");
            try (RawClient client = RawClient.connect(address.getPort())) {
                RawResponse part = client.get("/files/file.bin", "Range: bytes=-10");
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(99_990, 10));
                RawResponse generated = client.get("/demo/bytes/1000000", "Range: bytes=999999-");
                assertThat(generated.body()).isEqualTo(Bytes.slice(999_999, 1));
                assertThat(client.get("/static/page.html").status()).isEqualTo(200);
            }
            command.terminate();
            assertThat(command.awaitExit(SOON)).isEqualTo(TERMINATED);
            assertThat(command.out()).isEqualTo("Listening on " + address + System.lineSeparator());
            assertThat(command.err()).isEmpty();
            assertThat(command.temporaryFiles()).isEmpty();
            assertThat(files).isDirectoryContaining("glob:**/file.bin");
        }
    }

    @Test
    @DisplayName("ends soon and cleanly while a slow reader is served from a temporary file")
    void endsDuringADownload() throws Exception {
        try (WarCommand command = WarCommand.start(directory, "--port", "0", "--dir", ".", "--data", "data")) {
            int port = command.awaitAddress().getPort();
            try (RawClient client = RawClient.connectWithReceiveBuffer(port, 4_096)) {
                OpenResponse slow = client.open(RawRequest.get("/demo/bytes/50000000"));
                assertThat(slow.head().field("Content-Length")).contains("50000000");
                // The spooled bytes have no name any more: not even kill -9 would leave them behind.
                assertThat(command.temporaryFiles())
                        .noneMatch(file -> file.toFile().length() >= 50_000_000);
                command.terminate();
                command.awaitExit(SOON);
                assertThat(slow.digestRest().bodyLength())
                        .as("cut, and seen to be cut")
                        .isLessThan(50_000_000);
            }
            assertThat(command.temporaryFiles()).isEmpty();
        }
    }

    @Test
    @DisplayName("runs from a path with spaces, on a directory named relative to where it was started")
    void paths() throws Exception {
        Path place = Files.createDirectories(directory.resolve("my downloads/100%+"));
        Path war = Files.copy(ExampleWar.path(), place.resolve("example (1).war"));
        ExampleWar.writePattern(
                Files.createDirectory(directory.resolve("my files")).resolve("file.bin"), 10);
        try (WarCommand command = WarCommand.start(war, directory, "--port", "0", "--dir", "my files");
                RawClient client = RawClient.connect(command.awaitAddress().getPort())) {
            assertThat(client.get("/files/file.bin", "Range: bytes=3-").body()).isEqualTo(Bytes.slice(3, 7));
            assertThat(client.get("/static/page.html", "Range: bytes=0-0").status())
                    .isEqualTo(206);
        }
    }

    @Test
    @DisplayName("stands in front of another server, whose answers can be resumed through it")
    void upstream() throws Exception {
        Path shown = Files.createDirectory(directory.resolve("shown"));
        ExampleWar.writePattern(shown.resolve("two words.bin"), 100_000);
        Path front = Files.createDirectory(directory.resolve("front"));
        try (WarCommand behind = WarCommand.start(directory, "--port", "0", "--dir", shown.toString());
                WarCommand command = WarCommand.start(
                        front,
                        "--port",
                        "0",
                        "--dir",
                        shown.toString(),
                        // Uploads beside the same files would be those of the server behind.
                        "--data",
                        front.resolve("data").toString(),
                        "--upstream",
                        behind.awaitAddress() + "files");
                RawClient client = RawClient.connect(command.awaitAddress().getPort())) {
            RawResponse whole = client.get("/proxy/two%20words.bin");
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.field("Via")).contains("1.1 resumable");
            assertThat(whole.body()).isEqualTo(Bytes.pattern(100_000));
            String tag = whole.field("ETag").orElseThrow();
            RawResponse rest = client.get("/proxy/two%20words.bin", "Range: bytes=99990-", "If-Range: " + tag);
            assertThat(rest.status()).isEqualTo(206);
            assertThat(rest.body()).isEqualTo(Bytes.slice(99_990, 10));

            behind.terminate();
            behind.awaitExit(SOON);
            assertThat(client.get("/proxy/two%20words.bin").status()).isEqualTo(502);
            assertThat(command.err()).isEmpty();
        }
    }

    @Test
    @DisplayName("stands in front of nothing unless it is told to")
    void noUpstream() throws Exception {
        try (WarCommand command = WarCommand.start(directory, "--port", "0");
                RawClient client = RawClient.connect(command.awaitAddress().getPort())) {
            assertThat(client.get("/proxy/x").status()).isEqualTo(404);
        }
    }

    @Test
    @DisplayName("makes a directory of samples where none is given, and removes it")
    void samples() throws Exception {
        try (WarCommand command = WarCommand.start(directory, "--port", "0")) {
            int port = command.awaitAddress().getPort();
            try (RawClient client = RawClient.connect(port)) {
                RawResponse listing = client.get("/files/", "Accept: application/json");
                assertThat(listing.bodyText()).contains("hello.txt", "tones.wav", "noise-64MiB.bin");
                RawResponse part = client.get("/files/hello.txt", "Range: bytes=0-4");
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.bodyText()).isEqualTo("Hello");
            }
            command.terminate();
            command.awaitExit(SOON);
            assertThat(command.temporaryFiles()).isEmpty();
        }
    }

    @Test
    @DisplayName("listens on an IPv6 address, and only there")
    void ipv6() throws Exception {
        Assumptions.assumeTrue(hasIpv6(), "this machine has no IPv6 loopback address");
        try (WarCommand command =
                WarCommand.start(directory, "--host", "::1", "--port", "0", "--dir", ".", "--data", "data")) {
            URI address = command.awaitAddress();
            assertThat(address.toString()).startsWith("http://[::1]:");
            try (InputStream page = address.toURL().openStream()) {
                assertThat(page.readAllBytes()).isEqualTo(ExampleWar.entry("index.html"));
            }
            try (Socket other = new Socket()) {
                assertThatThrownBy(() -> other.connect(new InetSocketAddress("127.0.0.1", address.getPort()), 2_000))
                        .isInstanceOf(SocketException.class);
            }
        }
    }

    private static boolean hasIpv6() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return probe.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    @DisplayName("listens on the port asked for, and says so when it is taken")
    void portInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WarCommand command = WarCommand.start(
                        directory, "--port", "" + taken.getLocalPort(), "--dir", ".", "--data", "data")) {
            assertThat(command.awaitExit(START)).isEqualTo(1);
            assertThat(command.out()).isEmpty();
            assertThat(command.err().lines()).hasSize(1);
            assertThat(command.err()).containsIgnoringCase("in use");
            assertThat(command.temporaryFiles()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port x            | --port",
                "--port 65536        | --port",
                "--port -1           | --port",
                "--port              | --port needs a value",
                "--dir /no/such/dir  | /no/such/dir",
                "--data out          | --data is not a directory",
                "--data              | --data needs a value",
                "--owner-field       | --owner-field needs a value",
                "--upstream ftp://x/ | ftp://x/",
                "--upstream http:    | --upstream",
                "--frobnicate 1      | --frobnicate",
                "stray               | stray"
            })
    @DisplayName("ends with 2 and one line on standard error for a bad option")
    void badOption(String options, String named) throws Exception {
        try (WarCommand command = WarCommand.start(directory, options.split(" "))) {
            assertThat(command.awaitExit(START)).isEqualTo(2);
            assertThat(command.out()).isEmpty();
            assertThat(command.err().lines()).hasSize(1);
            assertThat(command.err()).contains(named);
            assertThat(command.temporaryFiles()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    @DisplayName("explains its options on standard output")
    void help(String option) throws Exception {
        try (WarCommand command = WarCommand.start(directory, option)) {
            assertThat(command.awaitExit(START)).isZero();
            assertThat(command.out())
                    .contains(
                            "--port", "--dir", "--host", "--data", "--owner-field", "--upstream", "8080", "127.0.0.1");
            assertThat(command.err()).isEmpty();
        }
    }
}
