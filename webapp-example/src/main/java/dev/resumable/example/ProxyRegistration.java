// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Maps the {@code ProxyServlet} of web.xml to {@code /proxy/*}, if there is a server to stand in front of.
 *
 * <p>Its URL is the first that is set of: the context's init-param {@code proxy.target}, the system property
 * {@code resumable.example.upstream}, the environment variable {@code RESUMABLE_EXAMPLE_UPSTREAM}.
 */
public class ProxyRegistration implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Stream.of(
                        context.getInitParameter("proxy.target"),
                        System.getProperty("resumable.example.upstream"),
                        System.getenv("RESUMABLE_EXAMPLE_UPSTREAM"))
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(target -> register(context, target));
    }

    private static void register(ServletContext context, String target) {
        ServletRegistration proxy = context.getServletRegistration("proxy");
        proxy.setInitParameter("target", target);
        // A redirect of that server leads the browser back through the proxy.
        proxy.setInitParameter("rewrite-locations", "on");
        proxy.addMapping("/proxy/*");
    }
}
