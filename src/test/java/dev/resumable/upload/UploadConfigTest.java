// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RecordedEvents;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.UploadConfig.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UploadConfigTest {

    @TempDir
    private Path directory;

    private Optional<Throwable> startWith(Map<String, String> parameters) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        UploadServlet servlet = new UploadServlet() {
            @Override
            public void init() throws jakarta.servlet.ServletException {
                try {
                    super.init();
                } catch (jakarta.servlet.ServletException e) {
                    failure.set(e);
                }
            }
        };
        ServletEntry entry =
                ServletEntry.of("uploads", servlet, "/uploads/*").async().loadOnStartup(1);
        parameters.forEach(entry::param);
        try (EmbeddedContainer container = ContainerKind.JETTY.start(new WebApp().servlet(entry))) {
            assertThat(container.port()).isPositive();
        }
        return Optional.ofNullable(failure.get());
    }

    @Test
    void allMayBeSet() {
        assertThat(startWith(Map.ofEntries(
                        Map.entry("directory", directory.resolve("new/deep").toString()),
                        Map.entry("catalogue-url", "jdbc:h2:file:" + directory.resolve("catalogue")),
                        Map.entry("catalogue-user", "sa"),
                        Map.entry("catalogue-password", "secret"),
                        Map.entry("fsync", "none"),
                        Map.entry("max-size", "1GiB"),
                        Map.entry("part-size", "1MiB"),
                        Map.entry("digests", "required"),
                        Map.entry("max-open-uploads", "3"),
                        Map.entry("max-owner-bytes", "2GiB"),
                        Map.entry("expiry", "2h"),
                        Map.entry("read-timeout", "500ms"),
                        Map.entry("min-data-rate", "1KiB"),
                        Map.entry("max-blocking-bodies", "5"),
                        Map.entry("owner-field", "X-User"),
                        Map.entry("allowed-origins", "https://a.example, https://b.example"),
                        Map.entry("credentials", "allow"),
                        Map.entry("interim-responses", "off"),
                        Map.entry("events", RecordedEvents.class.getName()))))
                .isEmpty();
        assertThat(directory.resolve("new/deep/uploads")).isDirectory();
        assertThat(directory.resolve("catalogue.mv.db")).isRegularFile();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Map.of(), "\"directory\""),
                Arguments.of(Map.of("fsync", "sometimes"), "per-request, none"),
                Arguments.of(Map.of("interim-responses", "104"), "interim-responses"),
                Arguments.of(Map.of("max-size", "-1"), "max-size"),
                Arguments.of(Map.of("expiry", "1"), "expiry"),
                Arguments.of(Map.of("part-size", "0"), "part-size"),
                Arguments.of(Map.of("expiry", "0s"), "expiry"),
                Arguments.of(Map.of("read-timeout", "0s"), "read-timeout"),
                Arguments.of(Map.of("max-blocking-bodies", "0"), "max-blocking-bodies"),
                Arguments.of(Map.of("owner-field", "X User"), "owner-field"),
                Arguments.of(Map.of("allowed-origins", "*", "credentials", "allow"), "credentials"),
                Arguments.of(Map.of("allowed-origins", "shop.example"), "allowed-origins"),
                Arguments.of(Map.of("allowed-origins", "https://shop.example/"), "allowed-origins"),
                Arguments.of(Map.of("catalogue-url", "jdbc:none:x?password=y"), "no JDBC driver for \"jdbc:none:\""),
                Arguments.of(Map.of("catalogue-url", "jdbc:h2:tcp://127.0.0.1:1/x"), "the database of the catalogue"),
                Arguments.of(Map.of("catalogue-jndi", "jdbc/none"), "no DataSource \"jdbc/none\""),
                Arguments.of(Map.of("catalogue-jndi", "a", "catalogue-url", "b"), "catalogue-jndi"),
                Arguments.of(Map.of("catalogue-user", "a"), "catalogue-user"),
                Arguments.of(Map.of("max-sise", "1"), "unknown init-param \"max-sise\""));
    }

    @ParameterizedTest
    @MethodSource
    void wrong(Map<String, String> parameters, String complaint) {
        Map<String, String> all = new java.util.HashMap<>(parameters);
        if (!parameters.isEmpty()) {
            all.put("directory", directory.toString());
        }
        assertThat(startWith(all).orElseThrow()).hasMessageContaining(complaint);
    }

    @Test
    void theBuilderRefusesWhatContradictsItself() {
        assertThatThrownBy(() -> UploadConfig.builder(directory).partSize(0).build())
                .hasMessageContaining("partSize");
        assertThatThrownBy(() -> UploadConfig.builder(directory)
                        .allowedOrigins(Set.of("*"))
                        .credentials(Credentials.ALLOW)
                        .build())
                .hasMessageContaining("credentials");
        assertThatThrownBy(() ->
                        UploadConfig.builder(directory).expiry(Duration.ZERO).build())
                .hasMessageContaining("expiry");
    }

    @Test
    void aDirectoryThatCannotBeOneStopsTheStart() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(startWith(Map.of("directory", file.resolve("x").toString()))).isPresent();
    }
}
