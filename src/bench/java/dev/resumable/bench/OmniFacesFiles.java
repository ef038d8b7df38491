// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import jakarta.servlet.http.HttpServletRequest;
import java.io.File;
import java.nio.file.Path;
import org.omnifaces.servlet.FileServlet;

/** The servlet of OmniFaces for one directory. */
final class OmniFacesFiles extends FileServlet {

    private static final long serialVersionUID = 1L;

    private final transient Path directory;

    OmniFacesFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    protected File getFile(HttpServletRequest request) {
        return directory.resolve(request.getServletPath().substring(1)).toFile();
    }
}
