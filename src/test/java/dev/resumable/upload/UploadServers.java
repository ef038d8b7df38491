// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;

/**
 * An upload servlet on every container, each with a directory of its own, under {@code /app/uploads}.
 *
 * <p>Owners are named in the field {@code X-Owner}; there is a second servlet without async support at {@code /app/blocking}.
 */
final class UploadServers implements AutoCloseable {

    private final Path root;
    private final Map<String, String> parameters;
    private final Supplier<UploadServlet> servlet;
    private final Map<ContainerKind, EmbeddedContainer> started = new EnumMap<>(ContainerKind.class);

    private UploadServers(Path root, Map<String, String> parameters, Supplier<UploadServlet> servlet) {
        this.root = root;
        this.parameters = parameters;
        this.servlet = servlet;
    }

    /** Starts all with these init-params beside directory and owner-field. */
    static UploadServers start(Map<String, String> parameters) throws IOException {
        return start(parameters, UploadServlet::new);
    }

    /** As {@link #start(Map)}, with servlets of a test's own. */
    static UploadServers start(Map<String, String> parameters, Supplier<UploadServlet> servlet) throws IOException {
        return start(Files.createTempDirectory("resumable-uploads-"), parameters, servlet);
    }

    /** As {@link #start(Map)}, with all directories in this one, which is emptied at the end. */
    static UploadServers start(Path root, Map<String, String> parameters) {
        return start(root, parameters, UploadServlet::new);
    }

    private static UploadServers start(Path root, Map<String, String> parameters, Supplier<UploadServlet> servlet) {
        UploadServers servers = new UploadServers(root, parameters, servlet);
        try {
            ContainerKind.running().forEach(servers::start);
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** Starts one, also one that was stopped, with what it has taken before. */
    void start(ContainerKind kind) {
        started.put(kind, kind.start(application(kind)));
    }

    /** Stops one in order. */
    void stop(ContainerKind kind) {
        on(kind).close();
        started.remove(kind);
    }

    private WebApp application(ContainerKind kind) {
        ServletEntry async = entry("uploads", kind, "/uploads/*").async();
        parameters.forEach(async::param);
        return new WebApp()
                .contextPath("/app")
                .http2()
                // Else it refuses bodies above 2 MiB before it asks a servlet.
                .undertow(builder -> builder.setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L))
                .servlet(async)
                .servlet(entry("blocking", kind, "/blocking/*"));
    }

    private ServletEntry entry(String name, ContainerKind kind, String pattern) {
        return ServletEntry.of(name, servlet.get(), pattern)
                .loadOnStartup(1)
                .param("directory", directory(kind, name).toString())
                .param("fsync", "none")
                .param("owner-field", "X-Owner");
    }

    /** Where a servlet keeps what it takes. */
    Path directory(ContainerKind kind, String name) {
        return root.resolve(kind.name()).resolve(name);
    }

    EmbeddedContainer on(ContainerKind kind) {
        return Objects.requireNonNull(started.get(kind));
    }

    /** Speaks the parts API to one of them. */
    PartsClient client(ContainerKind kind) {
        return new PartsClient(on(kind).port(), "/app/uploads", "alice");
    }

    @Override
    public void close() {
        started.values().forEach(EmbeddedContainer::close);
        FileUtils.deleteQuietly(root.toFile());
    }
}
