// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawHead;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P44, and what else stands around a body: interim responses, trailers, upgrades (RFC 9110 §15.2, §6.5, §7.8). */
@DisplayName("beside a body")
final class InterimTest {

    private static void hinted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Link", "</style.css>; rel=preload");
        response.sendError(103);
        response.setContentType("text/plain");
        response.getOutputStream().write(Bytes.pattern(1000));
    }

    private static void trailed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setTrailerFields(() -> Map.of("X-Sum", "42"));
        response.getOutputStream().write(Bytes.pattern(200_000));
    }

    /** Sends back what comes, one line. */
    public static final class Echo implements HttpUpgradeHandler {

        @Override
        public void init(WebConnection connection) {
            try {
                connection.getInputStream().setReadListener(new LineListener(connection));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void destroy() {
            // Nothing is held.
        }
    }

    private record LineListener(WebConnection connection, StringBuilder line) implements ReadListener {

        LineListener(WebConnection connection) {
            this(connection, new StringBuilder());
        }

        @Override
        public void onDataAvailable() throws IOException {
            ServletInputStream in = connection.getInputStream();
            while (in.isReady()) {
                int c = in.read();
                if (c == '\n') {
                    answer();
                    return;
                }
                if (c >= 0) {
                    line.append((char) c);
                }
            }
        }

        private void answer() throws IOException {
            connection.getOutputStream().print("echo " + line);
            connection.getOutputStream().flush();
            try {
                connection.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }

        @Override
        public void onAllDataRead() {
            // The line ends the exchange.
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void upgraded(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            response.setHeader("Upgrade", "echo");
            response.setHeader("Connection", "Upgrade");
            request.upgrade(Echo.class);
        } catch (ServletException e) {
            throw new IOException(e);
        }
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/hinted", InterimTest::hinted)
                .servlet("/trailed", InterimTest::trailed)
                .servlet("/upgraded", InterimTest::upgraded)
                .app());
    }

    /** The same application without the filter. */
    private static EmbeddedContainer alone(ContainerKind kind) {
        return kind.start(new WebApp()
                .servlet(ServletEntry.of("hinted", new Served(InterimTest::hinted), "/hinted"))
                .servlet(ServletEntry.of("upgraded", new Served(InterimTest::upgraded), "/upgraded")));
    }

    private static final class Served extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient FilteredApp.Service service;

        Served(FilteredApp.Service service) {
            this.service = service;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            service.service(request, response);
        }
    }

    /** All that comes for one request. */
    private static String wire(EmbeddedContainer container, String target) throws IOException {
        try (RawClient client = container.connect()) {
            client.send(RawRequest.get(target, "Connection: close"));
            return new String(client.readAll(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest(name = "P44 {0}")
    @ContainerSource
    @DisplayName("P44 an early hint goes out and does not end the response")
    void earlyHints(ContainerKind kind) throws IOException {
        if (kind == ContainerKind.UNDERTOW) {
            // There sendError(103) ends the response; what the application writes then must not look complete in
            // either.
            try (EmbeddedContainer filtered = start(kind);
                    EmbeddedContainer alone = alone(kind)) {
                assertThat(wire(filtered, "/hinted")).doesNotContain("HTTP/1.1 20");
                assertThat(wire(alone, "/hinted")).doesNotContain("HTTP/1.1 20");
            }
            return;
        }
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            RawResponse got = client.get("/hinted", "Range: bytes=990-").assertComplete();
            assertThat(got.interim()).extracting(RawHead::status).containsExactly(103);
            assertThat(got.status()).isEqualTo(206);
            assertThat(got.field("Content-Range")).contains("bytes 990-999/1000");
            assertThat(got.body()).isEqualTo(Bytes.slice(990, 10));

            String tag = got.field("ETag").orElseThrow();
            assertThat(client.get("/hinted", "If-None-Match: " + tag).status()).isEqualTo(304);
            assertThat(client.get("/hinted").assertComplete().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest(name = "P29 P44 {0}")
    @ContainerSource
    @DisplayName("P29 trailers arrive, and ranges are not offered")
    void trailers(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String range : new String[] {"Accept: */*", "Range: bytes=5-9"}) {
                RawResponse got = client.get("/trailed", range, "TE: trailers").assertComplete();
                assertThat(got.status()).isEqualTo(200);
                assertThat(got.framing()).isEqualTo(Framing.CHUNKED);
                assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, 200_000));
                assertThat(got.trailers())
                        .anyMatch(line -> line.name().equalsIgnoreCase("X-Sum")
                                && line.value().equals("42"));
                assertThat(got.field("Accept-Ranges")).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "P55 {0}")
    @ContainerSource
    @DisplayName("P55 an upgrade takes the connection over")
    void upgrade(ContainerKind kind) throws IOException {
        if (kind.isJetty()) {
            // Its upgrade() throws, with or without the filter.
            try (EmbeddedContainer filtered = start(kind);
                    EmbeddedContainer alone = alone(kind)) {
                assertThat(filtered.get("/upgraded").status()).isEqualTo(500);
                assertThat(alone.get("/upgraded").status()).isEqualTo(500);
            }
            return;
        }
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            client.send(RawRequest.get("/upgraded", "Connection: Upgrade", "Upgrade: echo"));
            client.send("hello\n".getBytes(StandardCharsets.US_ASCII));
            String all = new String(client.readAll(), StandardCharsets.US_ASCII);
            assertThat(all).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\necho hello");
        }
    }
}
