// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import dev.resumable.files.FileServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/**
 * Maps a {@link FileServlet} to {@code /files/*}, for a directory that is known only when the application starts.
 *
 * <p>The directory is {@link Setting#FILES}. If it is not set, a directory of {@link Samples} is made in the container's temporary directory and removed when the application ends.
 */
public class FilesRegistration implements ServletContextListener {
    private Optional<Path> samples = Optional.empty();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        String directory = Setting.FILES.in(context).orElseGet(() -> makeSamples(context));
        ServletRegistration.Dynamic files = context.addServlet("files", FileServlet.class);
        files.setInitParameter("directory", directory);
        files.setInitParameter("listing", "on");
        files.setAsyncSupported(true);
        files.addMapping("/files/*");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        samples.map(Path::toFile).ifPresent(FileUtils::deleteQuietly);
    }

    private String makeSamples(ServletContext context) {
        Path temporary = ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
        try {
            Path directory = Files.createTempDirectory(temporary, "samples-");
            samples = Optional.of(directory);
            Samples.write(directory);
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("No directory of samples could be made in " + temporary, e);
        }
    }
}
