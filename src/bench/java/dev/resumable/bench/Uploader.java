// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import dev.resumable.upload.UploadConfig;
import dev.resumable.upload.UploadListener;
import dev.resumable.upload.UploadServlet;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Who takes uploads: a servlet at {@code /uploads/*}, in a process of its own. */
enum Uploader {
    /** The servlet of this library, with its defaults. */
    SERVLET("UploadServlet"),
    /** The servlet library that is known best, with its defaults. */
    TUS_JAVA_SERVER("tus-java-server");

    private final String title;

    Uploader(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    Servlet servlet(Path directory) {
        return this == SERVLET
                ? new UploadServlet(UploadConfig.defaults(directory), new UploadListener() {})
                : new TusJavaServer(directory);
    }

    /** Starts a server that keeps uploads in this directory. */
    ServerProcess start(ContainerKind kind, Path directory, String heap) throws IOException {
        return ServerProcess.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                UploadBenchServer.class.getName(),
                kind.name(),
                name(),
                directory.toString()));
    }
}
