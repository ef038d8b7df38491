// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import dev.resumable.content.LastingFiles;
import dev.resumable.example.ExampleWar;
import dev.resumable.files.FileServlet;
import dev.resumable.files.FilesConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerProcess;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Distribution;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is asked of whatever is sent, the answer is the one of RFC 9110 and its bytes are those of the 200. */
@Timeout(300)
@DisplayName("random requests are answered by the RFC")
final class LiveOracleIT {
    /** Around the sizes of buffers, and one that fits into none. */
    private static final int[] LENGTHS = {0, 1, 2, 17, 1000, 8191, 8192, 8193, 65535, 65536, 65537, 300_000};

    /** Longer than the grain of a file's clock, in milliseconds. */
    private static final int UNPACKED = 2_500;

    private static final int PAIRS = Integer.getInteger("resumable.pairs", 8_000);

    @TempDir
    Path files;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("by embedded containers: static files, FileServlet, and generated in every way")
    void embedded(ContainerKind kind) throws IOException, InterruptedException {
        writeFiles();
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (EmbeddedContainer container = kind.start(application(executor))) {
            List<LiveTarget> targets = new ArrayList<>();
            for (int length : LENGTHS) {
                targets.add(LiveTarget.probe(container.port(), "/" + length + ".bin", length));
                targets.add(LiveTarget.probe(container.port(), "/files/" + length + ".bin", length));
                for (PatternServlet.Way way : PatternServlet.Way.values()) {
                    targets.add(LiveTarget.probe(container.port(), prefix(way) + "/" + length, length));
                }
            }
            new LiveRun(kind.name(), container.port(), targets).run(PAIRS);
        } finally {
            executor.shutdownNow();
        }
    }

    private WebApp application(ExecutorService executor) {
        WebApp app = new WebApp().documentRoot(files);
        app.filter(FilterEntry.of("ranges", new RangeServletFilter(), "/*")
                .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR)
                .async());
        app.servlet("files", new FileServlet(FilesConfig.builder(files).build()), "/files/*");
        for (PatternServlet.Way way : PatternServlet.Way.values()) {
            app.servlet(ServletEntry.of(way.name(), new PatternServlet(way, executor), prefix(way) + "/*")
                    .async());
        }
        return app;
    }

    private static String prefix(PatternServlet.Way way) {
        return "/" + way.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("by the example WAR on distributions")
    void distributions(Distribution distribution) throws IOException, InterruptedException {
        writeFiles();
        Map<String, String> directory = Map.of("resumable.example.dir", files.toString());
        try (ContainerProcess container =
                ContainerProcess.start(distribution, ExampleWar.path(), "/example", directory)) {
            List<LiveTarget> targets = new ArrayList<>();
            // So that what was unpacked just now is lasting too.
            Thread.sleep(UNPACKED);
            targets.add(LiveTarget.probe(container.port(), "/example/static/bytes-200000.bin", 200_000));
            for (int length : LENGTHS) {
                targets.add(LiveTarget.probe(container.port(), "/example/files/" + length + ".bin", length));
                targets.add(LiveTarget.probe(container.port(), "/example/demo/bytes/" + length, length));
                targets.add(LiveTarget.probe(container.port(), "/example/demo/async/" + length, length));
            }
            new LiveRun(distribution.name(), container.port(), targets).run(PAIRS);
        }
    }

    private void writeFiles() throws IOException {
        for (int length : LENGTHS) {
            ExampleWar.writePattern(files.resolve(length + ".bin"), length);
        }
        for (int length : LENGTHS) {
            // What the first 200 finds out about it is kept then, and every later answer names the tag.
            LastingFiles.await(files.resolve(length + ".bin"));
        }
    }
}
