// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.nio.file.Path;

/** The program of a server that is killed: uploads at {@code /app/uploads}; prints its port, and ends when its input does. */
final class UploadProgram {

    private UploadProgram() {}

    /** Takes the container, the directory of the uploads, and the fsync policy. */
    public static void main(String[] arguments) throws IOException {
        WebApp app = new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", new UploadServlet(), "/uploads/*")
                        .async()
                        .loadOnStartup(1)
                        .param("directory", Path.of(arguments[1]).toString())
                        .param("fsync", arguments[2])
                        .param("owner-field", "X-Owner"));
        EmbeddedContainer container = ContainerKind.valueOf(arguments[0]).start(app);
        System.out.println("port " + container.port());
        while (System.in.read() >= 0) {
            // Only the end matters: that of the tests.
        }
        System.exit(0);
    }
}
