// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/**
 * One directory, served by every container under {@code /app} in several ways, with a secret beside it.
 *
 * <p>{@code /files/*} has a listing and else the defaults, {@code /plain/*} the defaults alone, {@code /site/*} index files
 * and a policy, {@code /open/*} allows all; {@code /readme.txt} is mapped exactly, {@code *.mp4} by extension.
 */
final class ServedDirectory implements AutoCloseable {

    static final String SECRET = "the secret beside the directory";
    static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");

    final Path root;
    private final Path outside;
    private final Map<ContainerKind, EmbeddedContainer> containers = new EnumMap<>(ContainerKind.class);

    ServedDirectory() throws IOException {
        outside = Files.createTempDirectory("resumable-files-").toRealPath();
        Files.writeString(outside.resolve("secret.txt"), SECRET);
        root = Files.createDirectory(outside.resolve("served"));
        Files.createDirectories(root.resolve("sub/empty"));
        Files.createDirectory(root.resolve("a:b"));
        Bytes.write(root.resolve("data.bin"), 100_000);
        Bytes.write(root.resolve("film.mp4"), 5_000);
        Files.writeString(root.resolve("readme.txt"), "read me\n");
        Files.writeString(root.resolve("sub/index.html"), "<p>index</p>");
        Files.writeString(root.resolve("name <&> \u00FC #"), "strange");
        Files.writeString(root.resolve("100%;?.txt"), "percent");
        Files.writeString(root.resolve(".hidden.txt"), SECRET);
        Files.createSymbolicLink(root.resolve("out.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("readme.txt"));
        try (var all = Files.walk(root)) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(path, FileTime.from(MODIFIED));
            }
        }
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                containers.put(kind, kind.start(application()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private WebApp application() {
        FilesConfig.Builder site = FilesConfig.builder(root)
                .indexFiles(List.of("index.htm", "index.html"))
                .cacheControl(Optional.of("max-age=60"))
                .contentSecurityPolicy(Optional.of("sandbox"));
        return new WebApp()
                .contextPath("/app")
                .servlet(entry("files", "/files/*").param("listing", "on"))
                .servlet(entry("plain", "/plain/*"))
                .servlet(entry("exact", "/readme.txt"))
                .servlet(entry("extension", "*.mp4"))
                .servlet("site", new FileServlet(site.build()), "/site/*")
                .servlet(entry("open", "/open/*")
                        .param("listing", "on")
                        .param("hidden-files", "allow")
                        .param("symbolic-links", "follow"));
    }

    private ServletEntry entry(String name, String pattern) {
        return ServletEntry.of(name, new FileServlet(), pattern).param("directory", root.toString());
    }

    EmbeddedContainer on(ContainerKind kind) {
        return Objects.requireNonNull(containers.get(kind));
    }

    @Override
    public void close() {
        containers.values().forEach(EmbeddedContainer::close);
        FileUtils.deleteQuietly(outside.toFile());
    }
}
