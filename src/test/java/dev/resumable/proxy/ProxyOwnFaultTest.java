// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.proxy.ProxyBed.Probe;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Functions of an application and containers that throw: each request ends all the same, and so does what it took. */
@DisplayName("a proxy whose surroundings fail")
final class ProxyOwnFaultTest {

    private static final List<String> PATHS = List.of("/app/proxy/x", "/app/here/x");

    private static void assertProblem(RawResponse got, int status) {
        assertThat(got.assertComplete().status()).isEqualTo(status);
        // Undertow keeps the charset of a writer that was taken back.
        assertThat(got.field("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(got.bodyText()).startsWith("{\"type\":").doesNotContain("secret");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("answers itself where an error handler throws")
    void errorHandlerThrows(ContainerKind kind) throws IOException {
        try (ProxyBed bed = ProxyBed.start(
                "",
                config -> config.hooks(ProxyHooks.none().withErrorHandler((request, response, problem) -> {
                    response.setHeader("X-Half", "secret");
                    response.getWriter().print("secret");
                    throw new IllegalStateException("secret");
                })))) {
            bed.upstream().script(exchange -> exchange.close());
            for (String path : PATHS) {
                RawResponse got = bed.get(kind, path);
                assertProblem(got, 502);
                assertThat(got.field("X-Half")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("lets no client wait where an error is thrown")
    void errorThrown(ContainerKind kind) throws IOException {
        try (ProxyBed bed = ProxyBed.start(
                "",
                config -> config.maxConnections(1)
                        .maxQueue(0)
                        .hooks(ProxyHooks.none().withRewriteResponse((incoming, answer) -> {
                            if (incoming.getParameter("fail") != null) {
                                throw new AssertionError("secret");
                            }
                            return answer;
                        })))) {
            bed.answer(ProxyBed.OK);
            for (String path : PATHS) {
                try (RawClient client = bed.on(kind).connect()) {
                    client.send(RawRequest.get(path + "?fail=1", "Connection: close"));
                    String got = new String(client.readAll(), StandardCharsets.ISO_8859_1);
                    assertThat(got).doesNotStartWith("HTTP/1.1 200");
                }
                // The place may be given back a moment after the client has seen the end.
                await().until(() -> bed.get(kind, path).assertComplete().status() == 200);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("gives its place back where async cannot be started")
    void asyncCannotStart(ContainerKind kind) throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK))) {
            ProxyConfig config = ProxyConfig.builder()
                    .target(upstream.url())
                    .maxConnections(1)
                    .maxQueue(0)
                    .build();
            Filter refusing = (request, response, chain) ->
                    chain.doFilter(request.getParameter("fail") == null ? request : withoutAsync(request), response);
            WebApp app = new WebApp()
                    .filter(FilterEntry.of("refusing", refusing, "/*").async())
                    .servlet(ServletEntry.of("proxy", new ProxyServlet(config), "/*")
                            .async());
            try (EmbeddedContainer container = kind.start(app)) {
                for (int i = 0; i < 3; i++) {
                    assertProblem(container.get("/x?fail=1"), 503);
                }
                assertThat(container.get("/x").assertComplete().status()).isEqualTo(200);
            }
        }
    }

    private static ServletRequest withoutAsync(ServletRequest request) {
        return new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public AsyncContext startAsync(ServletRequest of, ServletResponse with) {
                throw new IllegalStateException("secret");
            }
        };
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("refuses, and gives its place back, where it gets no thread")
    void noThread(ContainerKind kind) throws IOException {
        try (ProxyBed bed =
                ProxyBed.start("", config -> config.maxConnections(1).maxQueue(0))) {
            Probe proxy = bed.proxy(kind);
            proxy.running().threads().close();
            for (int i = 0; i < 3; i++) {
                assertProblem(bed.get(kind, "/app/proxy/x"), 503);
            }
            assertThat(proxy.running().threads().enter()).isTrue();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps its idle timeout, whatever the flush deadline")
    void flushDeadline(ContainerKind kind) throws IOException {
        for (Duration deadline : List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofHours(1))) {
            try (ProxyBed bed = ProxyBed.start(
                    "", config -> config.idleTimeout(Duration.ofMillis(500)).flushDeadline(deadline))) {
                bed.upstream()
                        .script(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
                                .awaitEnd());
                try (RawClient client = bed.on(kind).connect().timeout(Duration.ofSeconds(30))) {
                    client.send(RawRequest.get("/app/proxy/x"));
                    // To its end, without waiting for ever.
                    client.readAll();
                }
                assertThat(bed.upstream().requests()).isNotEmpty();
            }
        }
    }
}
