// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.example.ExampleWar;
import dev.resumable.testing.ExecutableWar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The example's executable WAR, which keeps its catalogue in a database. */
final class UploadWar implements KilledServer {

    private final Path directory;
    private @Nullable ExecutableWar war;

    UploadWar(Path directory) {
        this.directory = directory;
    }

    @Override
    public int start() throws IOException {
        if (war == null) {
            Path files = Files.createDirectories(directory.resolve("files"));
            war = ExecutableWar.start(
                    ExampleWar.path(),
                    files,
                    "--owner-field",
                    "X-Owner",
                    "--data",
                    Files.createDirectories(directory.resolve("data")).toString());
        } else {
            war.restart();
        }
        return war.port();
    }

    @Override
    public String base() {
        return "/uploads";
    }

    @Override
    public void kill() {
        if (war != null) {
            war.kill9();
        }
    }

    @Override
    public void close() {
        if (war != null) {
            war.close();
        }
    }
}
