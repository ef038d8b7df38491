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

/** Who takes uploads below {@code /uploads}, in a process of its own: a servlet, or a program that needs no container. */
enum Uploader {
    /** The servlet of this library, with its defaults. */
    SERVLET("UploadServlet"),
    /** The servlet library that is known best, with its defaults. */
    TUS_JAVA_SERVER("tus-java-server"),
    /** The server of those who wrote the protocol, on Node, with its defaults; where it is installed. */
    TUS_NODE_SERVER("@tus/server");

    private final String title;

    Uploader(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether this machine has it. */
    boolean isInstalled() {
        return this != TUS_NODE_SERVER || TusNodeServer.isInstalled();
    }

    Servlet servlet(Path directory) {
        return switch (this) {
            case SERVLET -> new UploadServlet(UploadConfig.defaults(directory), new UploadListener() {});
            case TUS_JAVA_SERVER -> new TusJavaServer(directory);
            case TUS_NODE_SERVER -> throw new IllegalArgumentException("no servlet");
        };
    }

    /** Starts a server that keeps uploads in this directory; container and heap are those of servlets. */
    ServerProcess start(ContainerKind kind, Path directory, String heap) throws IOException {
        if (this == TUS_NODE_SERVER) {
            return TusNodeServer.start(directory);
        }
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
