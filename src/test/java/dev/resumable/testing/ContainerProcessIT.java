// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each distribution serves a WAR, ends in both ways and comes back on the same port. */
@Timeout(180)
final class ContainerProcessIT {
    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <mime-mapping><extension>pattern</extension><mime-type>application/x-pattern</mime-type></mime-mapping>
            </web-app>
            """;

    @TempDir
    Path directory;

    private Path war() throws IOException {
        Path war = directory.resolve("tiny.war");
        try (OutputStream file = Files.newOutputStream(war);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
            zip.write(WEB_XML.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("file.pattern"));
            zip.write(Bytes.pattern(100_000));
        }
        return war;
    }

    @ParameterizedTest
    @EnumSource
    void servesAWarThroughKillAndRestart(Distribution distribution) throws IOException {
        try (ContainerProcess container =
                ContainerProcess.start(distribution, war(), "/tiny", Map.of("resumable.test", "on"))) {
            assertServes(container, "/tiny");
            assertThat(container.handle().children())
                    .as("the signals reach the server itself")
                    .isEmpty();
            assertThat(container.handle().info().arguments().orElseThrow()).contains("-Dresumable.test=on");
            container.kill9();
            assertThatThrownBy(container::connect).isInstanceOf(ConnectException.class);
            container.restart();
            assertServes(container, "/tiny");
            container.stop();
            assertThatThrownBy(container::connect).isInstanceOf(ConnectException.class);
            assertThat(container.handle().isAlive()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesAWarAtTheRoot(Distribution distribution) throws IOException {
        ContainerProcess container = ContainerProcess.start(distribution, war(), "", Map.of());
        try (container) {
            assertServes(container, "");
            assertThat(container.get("/manager/html").status()).isEqualTo(404);
            assertListensOnOneAddress(container.port());
        }
        assertThat(container.handle().isAlive()).isFalse();
    }

    /** A server on all addresses would answer on any other of 127.0.0.0/8 too. */
    private static void assertListensOnOneAddress(int port) throws IOException {
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, port), 2_000))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void assertServes(ContainerProcess container, String contextPath) throws IOException {
        RawResponse response = container.get(contextPath + "/file.pattern").assertComplete();
        assertThat(response.status()).as(container.logTail()).isEqualTo(200);
        assertThat(response.field("Content-Type")).contains("application/x-pattern");
        assertThat(response.body()).isEqualTo(Bytes.pattern(100_000));
    }
}
