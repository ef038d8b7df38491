// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import me.desair.tus.server.TusFileUploadService;

/** tus-java-server, which is a library without a servlet. */
final class TusJavaServer extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient TusFileUploadService uploads;

    TusJavaServer(Path directory) {
        this.uploads =
                new TusFileUploadService().withStoragePath(directory.toString()).withUploadUri("/uploads");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        uploads.process(request, response);
    }
}
