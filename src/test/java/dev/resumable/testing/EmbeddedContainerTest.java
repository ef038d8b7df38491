// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Each container does what the servlet tests take for granted. */
final class EmbeddedContainerTest {
    @TempDir
    Path root;

    /** A servlet of one lambda. */
    private static HttpServlet servlet(Action action) {
        return new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                action.run(request, response);
            }
        };
    }

    private interface Action {
        void run(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    private static void print(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ContainerSource
    void servesAServletWithItsInitParameterUnderAContextPath(ContainerKind kind) throws IOException {
        HttpServlet servlet = servlet((request, response) -> {
            ServletConfig config = (ServletConfig) request.getAttribute("config");
            print(response, config.getInitParameter("greeting") + " " + request.getContextPath());
        });
        Filter exposesConfig = (request, response, chain) -> {
            request.setAttribute("config", servlet);
            chain.doFilter(request, response);
        };
        WebApp app = new WebApp()
                .contextPath("/app")
                .filter("config", exposesConfig, "/*")
                .servlet(ServletEntry.of("hello", servlet, "/hello").param("greeting", "hi"));
        try (EmbeddedContainer container = kind.start(app);
                RawClient client = container.connect()) {
            RawResponse response = client.get("/app/hello").assertComplete();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("hi /app");
            assertThat(client.get("/app/hello").bodyText())
                    .as("same connection")
                    .isEqualTo("hi /app");
            assertThat(container.baseUri()).hasToString("http://127.0.0.1:" + container.port() + "/app/");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void servesAStaticFileByItsOwnDefaultServlet(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("file.bin"), 300_000);
        Files.writeString(root.resolve("page.html"), "<p>static</p>");
        List<String> seen = new CopyOnWriteArrayList<>();
        Filter mapping = (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            ServletContext context = request.getServletContext();
            String name = http.getHttpServletMapping().getServletName();
            seen.add(http.getHttpServletMapping().getMappingMatch() + " " + name + " "
                    + context.getServletRegistration(name).getClassName());
            chain.doFilter(request, response);
        };
        try (EmbeddedContainer container =
                kind.start(new WebApp().documentRoot(root).filter("mapping", mapping, "/*"))) {
            RawResponse file = container.get("/file.bin").assertComplete();
            assertThat(file.bodyLength()).isEqualTo(300_000);
            assertThat(file.sha256()).isEqualTo(Bytes.sha256(0, 300_000));
            assertThat(container.get("/page.html").field("Content-Type").orElseThrow())
                    .startsWith("text/html");
            assertThat(container.get("/absent").status()).isEqualTo(404);
        }
        assertThat(seen)
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line).startsWith("DEFAULT default ").endsWith(".DefaultServlet"));
    }

    @ParameterizedTest
    @ContainerSource
    void forwardsToAStaticFile(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("file.bin"), 100_000);
        List<DispatcherType> seen = new CopyOnWriteArrayList<>();
        Filter types = (request, response, chain) -> {
            seen.add(request.getDispatcherType());
            chain.doFilter(request, response);
        };
        HttpServlet forward = servlet(
                (request, response) -> request.getRequestDispatcher("/file.bin").forward(request, response));
        WebApp app = new WebApp()
                .documentRoot(root)
                .filter(FilterEntry.of("types", types, "/*")
                        .dispatchers(DispatcherType.REQUEST, DispatcherType.FORWARD))
                .servlet("forward", forward, "/forward");
        try (EmbeddedContainer container = kind.start(app)) {
            RawResponse response = container.get("/forward").assertComplete();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(Bytes.pattern(100_000));
        }
        assertThat(seen).containsExactly(DispatcherType.REQUEST, DispatcherType.FORWARD);
    }

    @ParameterizedTest
    @ContainerSource
    void runsAnAsyncServletBehindAnAsyncFilter(ContainerKind kind) throws IOException {
        HttpServlet async = servlet((request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                try {
                    print((HttpServletResponse) context.getResponse(), "later");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                context.complete();
            });
        });
        WebApp app = new WebApp()
                .filter(FilterEntry.of("pass", EmbeddedContainerTest::pass, "/*")
                        .async())
                .servlet(ServletEntry.of("async", async, "/async").async());
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/async").assertComplete().bodyText()).isEqualTo("later");
        }
    }

    private static void pass(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
    }

    @ParameterizedTest
    @ContainerSource
    void refusesAsyncWithoutAsyncSupport(ContainerKind kind) throws IOException {
        HttpServlet asks = servlet((request, response) -> print(response, "async " + request.isAsyncSupported()));
        WebApp app = new WebApp()
                .filter("pass", EmbeddedContainerTest::pass, "/behind")
                .servlet(ServletEntry.of("behind", asks, "/behind", "/free").async())
                .servlet("sync", asks, "/sync");
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/free").bodyText()).isEqualTo("async true");
            assertThat(container.get("/behind").bodyText()).isEqualTo("async false");
            assertThat(container.get("/sync").bodyText()).isEqualTo("async false");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void dispatchesErrorsToErrorPages(ContainerKind kind) throws IOException {
        HttpServlet page = servlet((request, response) -> print(
                response,
                request.getDispatcherType() + " " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE)));
        WebApp app = new WebApp()
                .servlet("gone", servlet((request, response) -> response.sendError(410)), "/gone")
                .servlet("fails", servlet((request, response) -> raise()), "/fails")
                .servlet("page", page, "/page")
                .errorPage(410, "/page")
                .errorPage(ExpectedException.class, "/page");
        try (EmbeddedContainer container = kind.start(app)) {
            RawResponse gone = container.get("/gone");
            assertThat(gone.status()).isEqualTo(410);
            assertThat(gone.bodyText()).isEqualTo("ERROR 410");
            RawResponse failed = container.get("/fails");
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.bodyText()).isEqualTo("ERROR 500");
        }
    }

    private static void raise() {
        throw new ExpectedException();
    }

    private static final class ExpectedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExpectedException() {
            super("expected by the test");
        }
    }

    @ParameterizedTest
    @ContainerSource
    void runsFiltersInTheOrderGivenAndListenersOnce(ContainerKind kind) throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        ServletContextListener listener = new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                seen.add("start");
            }

            @Override
            public void contextDestroyed(ServletContextEvent event) {
                seen.add("stop");
            }
        };
        WebApp app = new WebApp()
                .listener(listener)
                .filter("z", named("z", seen), "/*")
                .filter(FilterEntry.of("m", named("m", seen)).servletNames("last"))
                .filter("a", named("a", seen), "/*")
                .servlet("last", servlet((request, response) -> seen.add("servlet")), "/x");
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/x").status()).isEqualTo(200);
        }
        // The specification puts url patterns before servlet names (Servlet 6.0 §6.2.4).
        assertThat(seen).containsExactly("start", "z", "a", "m", "servlet", "stop");
    }

    private static Filter named(String name, List<String> seen) {
        return (request, response, chain) -> {
            seen.add(name);
            chain.doFilter(request, response);
        };
    }

    @ParameterizedTest
    @ContainerSource
    void letsEachContainerBeChanged(ContainerKind kind) throws IOException {
        WebApp app = new WebApp()
                .contextPath("/app")
                .servlet("text", servlet((request, response) -> print(response, "text")), "/text")
                .tomcat(server -> server.getConnector().setProperty("server", "changed"))
                .jetty(server -> server.insertHandler(new org.eclipse.jetty.server.Handler.Wrapper() {
                    @Override
                    public boolean handle(
                            org.eclipse.jetty.server.Request request,
                            org.eclipse.jetty.server.Response response,
                            org.eclipse.jetty.util.Callback callback)
                            throws Exception {
                        response.getHeaders().put("Server", "changed");
                        return super.handle(request, response, callback);
                    }
                }))
                .undertowDeployment(info -> info.addInitialHandlerChainWrapper(next -> exchange -> {
                    exchange.getResponseHeaders().put(io.undertow.util.Headers.SERVER, "changed");
                    next.handleRequest(exchange);
                }));
        try (EmbeddedContainer container = kind.start(app)) {
            assertThat(container.get("/app/text").field("Server")).contains("changed");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @Timeout(120)
    void closesWhileARequestWritesToAStuckClient(ContainerKind kind) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HttpServlet endless = servlet((request, response) -> {
            try {
                while (true) {
                    response.getOutputStream().write(new byte[64 * 1024]);
                }
            } finally {
                ended.countDown();
            }
        });
        EmbeddedContainer container = kind.start(new WebApp().servlet("endless", endless, "/endless"));
        try (RawClient client = container.connect()) {
            assertThat(client.open(RawRequest.get("/endless")).readBody(1000)).hasSize(1000);
            container.close();
            assertThat(ended.await(15, TimeUnit.SECONDS))
                    .as("the request has ended")
                    .isTrue();
            assertThatThrownBy(container::connect).isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @ContainerSource
    void leavesNoTemporaryFiles(ContainerKind kind) throws IOException {
        List<Path> directories = new CopyOnWriteArrayList<>();
        WebApp app = new WebApp().onStartup(context -> {
            File work = (File) context.getAttribute(ServletContext.TEMPDIR);
            directories.add(work.toPath());
        });
        WebApp second = new WebApp();
        kind.start(app).close();
        kind.start(second).close();
        assertThat(directories).singleElement().satisfies(work -> {
            Path own = work;
            while (!own.getFileName().toString().startsWith("resumable-test-")) {
                own = own.getParent();
            }
            assertThat(own).doesNotExist();
        });
    }

    @ParameterizedTest
    @ContainerSource
    void failsToStartWhenTheApplicationDoes(ContainerKind kind) {
        WebApp app = new WebApp().onStartup(context -> {
            throw new ExpectedException();
        });
        assertThatThrownBy(() -> kind.start(app).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start");
    }
}
