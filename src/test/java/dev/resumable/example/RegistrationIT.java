// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.example.registration.AnnotatedFilter;
import dev.resumable.example.registration.FilterInitializer;
import dev.resumable.example.registration.LateServlet;
import dev.resumable.testing.ContainerProcess;
import dev.resumable.testing.Distribution;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A WAR in which annotations, an initializer and web.xml each register the filter, on every distribution. */
@Timeout(120)
@DisplayName("a registration of the filter")
final class RegistrationIT {

    private static final String DESCRIPTOR = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <filter>
                <filter-name>described</filter-name>
                <filter-class>dev.resumable.filter.RangeServletFilter</filter-class>
                <async-supported>true</async-supported>
              </filter>
              <filter-mapping>
                <filter-name>described</filter-name>
                <url-pattern>/descriptor/*</url-pattern>
                <dispatcher>REQUEST</dispatcher>
                <dispatcher>FORWARD</dispatcher>
                <dispatcher>ASYNC</dispatcher>
                <dispatcher>ERROR</dispatcher>
              </filter-mapping>
            </web-app>
            """;

    @ParameterizedTest
    @EnumSource(Distribution.class)
    @DisplayName("P11 by annotation, by initializer and by web.xml lets servlets go async; without async they see that")
    void everyWay(Distribution distribution, @TempDir Path directory) throws IOException {
        Path war = pack(directory.resolve("registered.war"));
        try (ContainerProcess container = ContainerProcess.start(distribution, war, "/registered", Map.of())) {
            for (String way : new String[] {"annotation", "initializer", "descriptor"}) {
                String path = "/registered/" + way + "/late";
                RawResponse whole = container.get(path).assertComplete();
                assertThat(whole.status())
                        .as("%s: %s", way, container.logTail())
                        .isEqualTo(200);
                assertThat(whole.bodyText()).as(way).isEqualTo(LateServlet.BODY);
                RawResponse part = container
                        .get(path, "Range: bytes=8-12", "If-Range: " + Answers.tag(whole))
                        .assertComplete();
                assertThat(part.status()).as(way).isEqualTo(206);
                assertThat(part.bodyText()).as(way).isEqualTo(LateServlet.BODY.substring(8, 13));
            }
            assertThat(container.get("/registered/blocking/late").status()).isEqualTo(409);
        }
    }

    /** Packs the classes of the application and the libraries of the example. */
    private static Path pack(Path war) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war));
                ZipFile example = new ZipFile(ExampleWar.path().toFile())) {
            for (ZipEntry library : example.stream()
                    .filter(entry -> entry.getName().matches("WEB-INF/lib/[^/]+\\.jar"))
                    .toList()) {
                try (InputStream in = example.getInputStream(library)) {
                    put(zip, library.getName(), in.readAllBytes());
                }
            }
            for (Class<?> type : new Class<?>[] {AnnotatedFilter.class, FilterInitializer.class, LateServlet.class}) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = Objects.requireNonNull(type.getResourceAsStream("/" + name))) {
                    put(zip, "WEB-INF/classes/" + name, in.readAllBytes());
                }
            }
            put(
                    zip,
                    "WEB-INF/classes/META-INF/services/" + ServletContainerInitializer.class.getName(),
                    FilterInitializer.class.getName().getBytes(StandardCharsets.UTF_8));
            put(zip, "WEB-INF/web.xml", DESCRIPTOR.getBytes(StandardCharsets.UTF_8));
        }
        return war;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
