// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** {@code @tus/server} on Node, where it is installed: {@code npm install --prefix target/tus-node --no-save @tus/server @tus/file-store}. */
final class TusNodeServer {

    private static final Path HOME = Path.of("target", "tus-node");

    private TusNodeServer() {}

    static boolean isInstalled() {
        return Files.isDirectory(HOME.resolve("node_modules/@tus/server"))
                && Files.isDirectory(HOME.resolve("node_modules/@tus/file-store"));
    }

    /** Starts it with its uploads in this directory. */
    static ServerProcess start(Path directory) throws IOException {
        // Node looks for modules beside the script.
        Path script = Files.copy(
                Path.of("src", "bench", "node", "tus-server.mjs"),
                HOME.resolve("tus-server.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        return ServerProcess.start(List.of("node", script.toString(), directory.toString()));
    }
}
