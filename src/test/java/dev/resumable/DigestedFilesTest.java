// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.LastingFiles;
import dev.resumable.files.FileServlet;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Digests of the files that a web application serves, by filter and by servlet, from start to stop. */
@DisplayName("the digest of a served file")
final class DigestedFilesTest {

    private static final String LARGE = "/large.bin";
    private static final String HUGE = "/huge.bin";
    private static final String WANTED = "Want-Repr-Digest: sha-256=1";

    /** Who answers for the files. */
    private enum Server {
        FILTER,
        SERVLET
    }

    @TempDir
    private static Path root;

    @TempDir
    private Path state;

    @BeforeAll
    static void write() throws IOException {
        LastingFiles.write(root.resolve("large.bin"), 200_000);
    }

    private static EmbeddedContainer start(
            ContainerKind kind, Server server, Path directory, Map<String, String> params) {
        if (server == Server.FILTER) {
            FilterEntry filter =
                    FilterEntry.of("ranges", new RangeServletFilter(), "/*").async();
            // Several of one name run in this process.
            filter.param("jmx", "off");
            params.forEach(filter::param);
            // Undertow alone starts a filter with its first request, unless it is told otherwise.
            return kind.start(new WebApp()
                    .documentRoot(directory)
                    .filter(filter)
                    .undertowDeployment(deployment -> deployment.setEagerFilterInit(true)));
        }
        ServletEntry files = ServletEntry.of("files", new FileServlet(), "/*")
                .loadOnStartup(1)
                .param("directory", directory.toString());
        params.forEach(files::param);
        return kind.start(new WebApp().servlet(files));
    }

    private static boolean knowsDigest(EmbeddedContainer container) throws IOException {
        return container.get(LARGE, WANTED).field("Repr-Digest").isPresent();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is known at once after a restart, where there is an index")
    void index(ContainerKind kind) throws IOException {
        for (Server server : Server.values()) {
            Path index = state.resolve(server + "/index");
            Map<String, String> params = Map.of("sync-digest-size", "1KiB", "digest-index", index.toString());
            try (EmbeddedContainer container = start(kind, server, root, params)) {
                assertThat(knowsDigest(container)).isFalse();
                Awaitility.await().until(() -> knowsDigest(container));
            }
            try (EmbeddedContainer container = start(kind, server, root, params)) {
                assertThat(knowsDigest(container)).as("the first request").isTrue();
            }
        }
    }

    @Test
    @DisplayName("is found without a request, where there is a warm-up")
    void warmUp() throws IOException {
        List<EmbeddedContainer> containers = new ArrayList<>();
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                for (Server server : Server.values()) {
                    containers.add(start(kind, server, root, warmUp(kind, server, "on")));
                }
            }
            for (ContainerKind kind : ContainerKind.running()) {
                for (Server server : Server.values()) {
                    Awaitility.await(kind + " " + server).until(() -> Files.exists(indexOf(kind, server)));
                }
            }
        } finally {
            containers.forEach(EmbeddedContainer::close);
        }
        for (ContainerKind kind : ContainerKind.running()) {
            for (Server server : Server.values()) {
                try (EmbeddedContainer container = start(kind, server, root, warmUp(kind, server, "off"))) {
                    assertThat(knowsDigest(container)).as("%s %s", kind, server).isTrue();
                }
            }
        }
    }

    private Map<String, String> warmUp(ContainerKind kind, Server server, String choice) {
        return Map.of(
                "sync-digest-size",
                "1KiB",
                "digest-index",
                indexOf(kind, server).toString(),
                "digest-warm-up",
                choice);
    }

    private Path indexOf(ContainerKind kind, Server server) {
        return state.resolve(kind + "-" + server);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of a huge one keeps neither the first byte nor the stop of the application waiting")
    void huge(ContainerKind kind, @TempDir Path directory) throws IOException {
        LastingFiles.await(LastingFiles.sparse(directory.resolve("huge.bin"), 10L << 30));
        for (Server server : Server.values()) {
            EmbeddedContainer container = start(kind, server, directory, Map.of());
            try (RawClient client = container.connect()) {
                OpenResponse first = client.open(RawRequest.get(HUGE, WANTED));

                assertThat(first.readBody(1)).hasSize(1);
                assertThat(first.head().status()).isEqualTo(200);
                assertThat(first.head().field("ETag").orElseThrow()).startsWith("\"m.");
                // Begun by the first request and not ended before the second, so not before the first byte.
                assertThat(container.get(HUGE, WANTED, "Range: bytes=0-0").field("Repr-Digest"))
                        .isEmpty();
                assertThat(isDigesting()).isTrue();
            } finally {
                container.close();
            }
            // Far less than reading all of it takes.
            Awaitility.await().atMost(Duration.ofSeconds(4)).until(() -> !isDigesting());
        }
    }

    private static boolean isDigesting() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("resumable-digests"));
    }
}
