// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The README's registration in Spring Boot 3, in an application on its embedded Tomcat. */
@DisplayName("in Spring Boot")
final class SpringBootTest {

    private static final Path BASE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final String START = "@Bean\nFilterRegistrationBean<RangeServletFilter> range() {";

    @TempDir
    private static Path temporary;

    /** The application. */
    @Configuration
    static class Application {

        @Bean
        TomcatServletWebServerFactory tomcat() {
            TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
            // Its own choice below the system's temporary directory would stay there.
            factory.setBaseDirectory(temporary.resolve("base").toFile());
            factory.setDocumentRoot(temporary.toFile());
            return factory;
        }

        @Bean
        ServletRegistrationBean<Generating> generating() {
            return new ServletRegistrationBean<>(new Generating(), "/generated/*");
        }

        @Bean
        FilterRegistrationBean<RangeServletFilter> range() {
            var registration = new FilterRegistrationBean<>(new RangeServletFilter(RangeConfig.defaults()));
            registration.addUrlPatterns("/*");
            registration.setDispatcherTypes(
                    DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR);
            return registration;
        }
    }

    private static final class Generating extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (!"/async".equals(request.getPathInfo())) {
                response.getOutputStream().write(Bytes.pattern(100_000));
                return;
            }
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    async.getResponse().getOutputStream().write(Bytes.pattern(100_000));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                async.complete();
            });
        }
    }

    @Test
    @DisplayName("the registration of the README makes generated responses resumable, async ones too")
    void registered() throws IOException {
        try (var context = new AnnotationConfigServletWebServerApplicationContext(Application.class)) {
            int port = context.getWebServer().getPort();
            for (String path : new String[] {"/generated/body", "/generated/async"}) {
                RawResponse whole = RawClient.once(port, RawRequest.get(path)).assertComplete();
                assertThat(whole.status()).as(path).isEqualTo(200);
                String tag = whole.field("ETag").orElseThrow();
                RawResponse part = RawClient.once(port, RawRequest.get(path, "Range: bytes=99990-", "If-Range: " + tag))
                        .assertComplete();
                assertThat(part.status()).as(path).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Bytes.slice(99_990, 10));
            }
        }
    }

    @Test
    @DisplayName("the README has the registration that is tested here")
    void asInTheReadme() throws IOException {
        String readme = Files.readString(BASE.resolve("README.md"));
        int start = readme.indexOf(START);
        assertThat(start).isPositive();
        String snippet = readme.substring(start, readme.indexOf("```", start));
        String source = Files.readString(BASE.resolve("src/test/java/dev/resumable/SpringBootTest.java"));
        assertThat(withoutSpace(source)).contains(withoutSpace(snippet));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }
}
