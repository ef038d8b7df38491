// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import dev.resumable.content.FileState;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Files that a default servlet has surely noticed: nothing has happened to them for longer than any cache is believed. */
final class OldFiles {

    /** Longer than the longest buffer of a response. */
    static final int SMALL = 300_000;

    /** Larger than what any container keeps in the heap. */
    static final int LARGE = 20 << 20;

    private static final Duration OLD = Duration.ofMillis(10_050);

    private OldFiles() {}

    static int length(String name) {
        return name.contains("small") ? SMALL : LARGE;
    }

    /** Writes them, each with the pattern from its start, and waits until they are old; a container is to be started then. */
    static void write(Path root, List<String> names) throws IOException, InterruptedException {
        for (String name : names) {
            Bytes.write(root.resolve(name), length(name));
        }
        for (String name : names) {
            while (!FileState.of(root.resolve(name)).hasStoodStill(OLD, Instant.now())) {
                Thread.sleep(50);
            }
        }
    }

    /** Serves them, with other filters between ours and the default servlet. */
    static EmbeddedContainer start(ContainerKind kind, Path root, RangeConfig config, Between between) {
        return kind.start(between.addTo(FilteredApp.with(config).app()).documentRoot(root));
    }
}
