// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.files.FileServlet;
import dev.resumable.files.FilesConfig;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.WebApp;
import java.nio.file.Path;

/** The ways in which a file of a directory gets to a client. */
enum ServedFile {
    /** By the filter. */
    DIRECT("/"),
    /** By the default servlet, cut by the filter. */
    CHAIN("/"),
    /** By a {@link FileServlet} behind the filter. */
    FILE_SERVLET("/files/");

    private final String prefix;

    ServedFile(String prefix) {
        this.prefix = prefix;
    }

    /** The target of a file. */
    String target(String name) {
        return prefix + name;
    }

    /** Starts a container that serves the directory in this way. */
    EmbeddedContainer start(ContainerKind kind, Path directory) {
        StaticFilesPolicy policy = this == CHAIN ? StaticFilesPolicy.CHAIN : StaticFilesPolicy.DIRECT;
        WebApp app = FilteredApp.with(RangeConfig.builder().staticFiles(policy).build())
                .app()
                .documentRoot(directory)
                .servlet("files", new FileServlet(FilesConfig.defaults(directory)), "/files/*");
        return kind.start(app);
    }
}
