// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Chromium without a window, driven by chromedriver over the protocol WebDriver (W3C), as far as tests need it.
 *
 * <p>Its profile is a fresh directory; it ends with {@link #close()}.
 */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    /** The name under which an element is written (WebDriver §12). */
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private String session = "";

    private Browser(Process driver, URI base) {
        this.driver = driver;
        this.base = base;
    }

    /** True where Chromium and its driver are installed. */
    public static boolean isInstalled() {
        return program("chromedriver").isPresent() && program("chromium").isPresent();
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one, with its profile and its log in this directory. */
    public static Browser start(Path directory) throws IOException {
        Path log = directory.resolve("chromedriver.log");
        Process driver = new ProcessBuilder(
                        program("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Browser browser = new Browser(driver, URI.create("http://127.0.0.1:" + port(driver, log) + "/session"));
            browser.begin(directory);
            return browser;
        } catch (IOException | RuntimeException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static String port(Process driver, Path log) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (driver.isAlive() && System.nanoTime() < deadline) {
            Matcher matcher = STARTED.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher.group(1);
            }
            pause();
        }
        throw new IOException("chromedriver did not start: " + Files.readString(log));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void begin(Path directory) throws IOException {
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"));
        Map<String, Object> options =
                Map.of("binary", program("chromium").orElseThrow().toString(), "args", arguments);
        Map<String, Object> wanted = Map.of("browserName", "chrome", "goog:chromeOptions", options);
        Object answer = post("", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
        session = "/" + ((Map<?, ?>) answer).get("sessionId");
    }

    /** Opens a page and waits until it is loaded. */
    public void open(String url) throws IOException {
        post(session + "/url", Map.of("url", url));
    }

    /** Loads the page again. */
    public void reload() throws IOException {
        post(session + "/refresh", Map.of());
    }

    /** Runs the body of a function in the page and gives what it returns: a string, a number, a truth value or null. */
    public Object run(String script) throws IOException {
        return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Types into the one element of a CSS selector, or chooses a file by its path. */
    public void type(String selector, String text) throws IOException {
        post(element(selector) + "/value", Map.of("text", text));
    }

    /** Clicks on the one element of a CSS selector. */
    public void click(String selector) throws IOException {
        post(element(selector) + "/click", Map.of());
    }

    private String element(String selector) throws IOException {
        Object found = post(session + "/element", Map.of("using", "css selector", "value", selector));
        return session + "/element/" + ((Map<?, ?>) found).get(ELEMENT);
    }

    private Object post(String path, Map<String, Object> document) throws IOException {
        byte[] body = JSON.std.asString(document).getBytes(StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private Object send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("the browser answers " + response.body());
            }
            return JSON.std.mapFrom(response.body()).get("value");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            send(HttpRequest.newBuilder(URI.create(base + session)).DELETE());
        } finally {
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
    }
}
