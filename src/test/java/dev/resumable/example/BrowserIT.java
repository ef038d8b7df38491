// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Browser;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ExecutableWar;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A real browser, which {@code .ci/run} installs: it uploads with the example's page, and seeks in a sound. */
@Timeout(180)
@DisplayName("Chromium")
class BrowserIT {

    private static final int SIZE = 20 << 20;
    /** From the third on, parts never leave the page, until it is loaded again. */
    private static final String ONLY_TWO_PARTS = """
            const send = window.fetch;
            let parts = 0;
            window.fetch = (url, options) =>
                options.method === 'PUT' && ++parts > 2 ? new Promise(() => {}) : send(url, options);""";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Browser browser;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Browser.isInstalled(), "chromium and chromedriver are not installed; .ci/run does it");
        browser = Browser.start(Files.createDirectory(directory.resolve("browser")));
    }

    @AfterEach
    void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    // ---- the page of the example

    private double progress() throws IOException {
        return ((Number) browser.run("return document.querySelector('progress').value")).doubleValue();
    }

    private String status() throws IOException {
        return browser.run("return document.querySelector('output').value").toString();
    }

    private void upload(Path file) throws IOException {
        browser.type("input[name=file]", file.toString());
        browser.click("button[name=send]");
    }

    @Test
    @DisplayName("uploads 20 MiB, shows how far it is, and after a reload sends only what is missing")
    void uploads() throws Exception {
        Path file = Bytes.write(directory.resolve("film.bin"), SIZE);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        try (ExecutableWar war = ExecutableWar.start(
                        ExampleWar.path(),
                        Files.createDirectory(directory.resolve("files")),
                        "--data",
                        Files.createDirectory(directory.resolve("data")).toString());
                FaultyLink link = FaultyLink.to(war.port())) {
            browser.open("http://127.0.0.1:" + link.port() + "/");
            browser.run(ONLY_TWO_PARTS);
            upload(file);
            await().atMost(PATIENCE).until(() -> progress() == 0.5);
            assertThat(status()).isEqualTo("50 %");

            long before = link.bytesToServer();
            browser.reload();
            assertThat(status()).isEmpty();
            upload(file);
            await().atMost(PATIENCE).until(() -> status().startsWith("Stored: "));

            assertThat(status()).isEqualTo("Stored: film.bin, SHA-256 " + sha256);
            assertThat(progress()).isEqualTo(1);
            assertThat(link.bytesToServer() - before).isBetween(SIZE / 2L, SIZE / 2L + (1 << 20));
            assertThat(browser.run("return document.querySelectorAll('#stored li').length"))
                    .isEqualTo(1);
            assertThat(stored(war.port()).sha256()).isEqualTo(sha256);
        }
    }

    private static RawResponse stored(int port) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            Map<String, Object> list =
                    JSON.std.mapFrom(client.get("/uploads/files/").body());
            Object file = ((List<?>) list.get("files")).get(0);
            return client.get(((Map<?, ?>) file).get("href").toString());
        }
    }

    // ---- a sound that is made as it is asked for

    /** A WAV file of silence, stereo, at 48 kHz: written from the start to the end, whatever was asked for. */
    private static final class SoundServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        static final int SECONDS = 180;
        static final int BYTES_PER_SECOND = 48_000 * 4;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("audio/wav");
            response.getOutputStream().write(header());
            byte[] second = new byte[BYTES_PER_SECOND];
            for (int i = 0; i < SECONDS; i++) {
                response.getOutputStream().write(second);
            }
        }

        private static byte[] header() {
            ByteBuffer header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
            int length = SECONDS * BYTES_PER_SECOND;
            header.put(ascii("RIFF")).putInt(36 + length).put(ascii("WAVEfmt ")).putInt(16);
            header.putShort((short) 1).putShort((short) 2).putInt(48_000).putInt(BYTES_PER_SECOND);
            header.putShort((short) 4).putShort((short) 16);
            return header.put(ascii("data")).putInt(length).array();
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final class PageServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/html");
            response.getWriter().print("<!DOCTYPE html><audio preload='metadata' src='sound.wav'></audio>");
        }
    }

    /** What the browser has asked for, and the status that it got. */
    private record Asked(String range, int status) {
        /** The first byte of its range, 0 without one. */
        long first() {
            return range.startsWith("bytes=") ? Long.parseLong(range.substring(6, range.indexOf('-'))) : 0;
        }
    }

    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    private void watch(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        String range = ((HttpServletRequest) request).getHeader("Range");
        asked.add(new Asked(range == null ? "" : range, ((HttpServletResponse) response).getStatus()));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("seeks in a sound of a servlet that knows no ranges")
    void seeks(ContainerKind kind) throws IOException {
        WebApp app = new WebApp()
                .filter(FilterEntry.of("watch", this::watch, "/sound.wav").async())
                .filter(FilterEntry.of("ranges", new RangeServletFilter(), "/*").async())
                .servlet(ServletEntry.of("page", new PageServlet(), "/page"))
                .servlet(ServletEntry.of("sound", new SoundServlet(), "/sound.wav"));
        try (EmbeddedContainer container = kind.start(app)) {
            browser.open("http://127.0.0.1:" + container.port() + "/page");
            await().atMost(PATIENCE).until(() -> is("audio.readyState >= 1"));
            assertThat(is("audio.duration === " + SoundServlet.SECONDS)).isTrue();

            browser.run("document.querySelector('audio').currentTime = 170");

            await().atMost(PATIENCE).until(() -> is("!audio.seeking && audio.readyState >= 2"));
            assertThat(is("Math.abs(audio.currentTime - 170) < 1 && audio.error === null"))
                    .isTrue();
            await().untilAsserted(() -> assertThat(asked)
                    .as("what was asked for: %s", asked)
                    .anyMatch(one -> one.status() == 206 && one.first() > 160L * SoundServlet.BYTES_PER_SECOND));
        }
    }

    private boolean is(String condition) throws IOException {
        return Boolean.TRUE.equals(
                browser.run("const audio = document.querySelector('audio'); return " + condition + ";"));
    }
}
