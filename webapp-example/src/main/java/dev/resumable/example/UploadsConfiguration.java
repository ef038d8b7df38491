// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.io.File;
import java.nio.file.Path;

/**
 * Tells the servlet {@code uploads} of web.xml what is known only when the application starts.
 *
 * <p>What web.xml says itself comes first. Where nobody says a directory, uploads are in the container's temporary one. The
 * catalogue is a database of H2 in the same directory, unless web.xml names another.
 */
public class UploadsConfiguration implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        ServletRegistration uploads = context.getServletRegistration("uploads");
        // An init-param that is there already is not changed by this.
        uploads.setInitParameter("directory", Setting.UPLOADS.in(context).orElseGet(() -> temporaryDirectory(context)));
        if (uploads.getInitParameter("catalogue-jndi") == null) {
            uploads.setInitParameter("catalogue-url", database(uploads.getInitParameter("directory")));
        }
        Setting.OWNER_FIELD.in(context).ifPresent(field -> uploads.setInitParameter("owner-field", field));
    }

    /** H2 must not close it by itself when the process ends: uploads that are running are finished first. */
    private static String database(String directory) {
        return "jdbc:h2:file:" + Path.of(directory, "catalogue").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private static String temporaryDirectory(ServletContext context) {
        Path temporary = ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
        return temporary.resolve("uploads").toString();
    }
}
