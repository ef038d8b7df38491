// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.nio.file.Path;

/** The process of one uploader in a container; it tells its port and ends with its standard input. */
final class UploadBenchServer {

    private UploadBenchServer() {}

    /** Takes the container, the uploader, and the directory of the uploads. */
    public static void main(String[] arguments) throws IOException {
        Uploader uploader = Uploader.valueOf(arguments[1]);
        WebApp app = new WebApp()
                .undertow(builder -> builder.setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L))
                .tomcat(tomcat -> tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1"))
                .servlet(ServletEntry.of("uploads", uploader.servlet(Path.of(arguments[2])), "/uploads/*")
                        .async());
        try (EmbeddedContainer container = ContainerKind.valueOf(arguments[0]).start(app)) {
            System.out.println("port " + container.port());
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
        System.exit(0);
    }
}
