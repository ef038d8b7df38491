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
 * <p>What web.xml says itself comes first. Where nobody says a directory, uploads are in the container's temporary one.
 */
public class UploadsConfiguration implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        ServletRegistration uploads = context.getServletRegistration("uploads");
        // An init-param that is there already is not changed by this.
        uploads.setInitParameter("directory", Setting.UPLOADS.in(context).orElseGet(() -> temporaryDirectory(context)));
        Setting.OWNER_FIELD.in(context).ifPresent(field -> uploads.setInitParameter("owner-field", field));
    }

    private static String temporaryDirectory(ServletContext context) {
        Path temporary = ((File) context.getAttribute(ServletContext.TEMPDIR)).toPath();
        return temporary.resolve("uploads").toString();
    }
}
