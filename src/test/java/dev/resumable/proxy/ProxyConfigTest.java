// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.proxy.ProxyConfig.Forwarded;
import dev.resumable.proxy.ProxyConfig.Switch;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the settings of a proxy")
final class ProxyConfigTest {

    /** A listener that can be named. */
    public static final class Listener implements TransferEvents {}

    private static ProxyConfig read(Map<String, String> parameters) {
        return ProxyParameters.read(InitParameters.of(new WebXml(parameters)));
    }

    private static ProxyConfig readWithTarget(String name, String value) {
        return read(Map.of("target", "http://up.test/", name, value));
    }

    @Test
    @DisplayName("are the defaults if only the target is given")
    void defaults() {
        ProxyConfig config = read(Map.of("target", " http://up.test/base "));

        assertThat(config.target())
                .containsExactly(UpstreamUri.parse("http://up.test/base").orElseThrow());
        assertThat(config.forwarded()).isEqualTo(Forwarded.REPLACE);
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.targetFrom()).isEmpty();
    }

    @Test
    @DisplayName("are all read from init-params")
    void all() {
        Map<String, String> all = new HashMap<>();
        all.put("target", "http://a.test, https://b.test:8443/x?y=z");
        all.put("strip-prefix", "/v1");
        all.put("preserve-host", "on");
        all.put("forwarded", "append");
        all.put("via", "edge");
        all.put("rewrite-locations", "on");
        all.put("rewrite-cookies", "ON");
        all.put("request-fields", "X-A: 1, 2\n  +X-B: c:d\n\n-Cookie");
        all.put("response-fields", "-Server");
        all.put("connect-timeout", "1s");
        all.put("idle-timeout", "2m");
        all.put("client-idle-timeout", "0s");
        all.put("lease-timeout", "3s");
        all.put("flush-deadline", "0ms");
        all.put("max-connections", "5");
        all.put("max-connections-per-host", "4");
        all.put("max-queue", "0");
        all.put("max-head-lines", "6");
        all.put("max-line-length", "7KiB");
        all.put("resume-tries", "0");
        all.put("resume-delay", "8ms");
        all.put("events", Listener.class.getName());

        ProxyConfig config = read(all);

        assertThat(config.target())
                .extracting(Object::toString)
                .containsExactly("http://a.test", "https://b.test:8443/x?y=z");
        assertThat(config.stripPrefix()).contains("/v1");
        assertThat(List.of(config.preserveHost(), config.rewriteLocations(), config.rewriteCookies()))
                .containsOnly(Switch.ON);
        assertThat(config.forwarded()).isEqualTo(Forwarded.APPEND);
        assertThat(config.via()).isEqualTo("edge");
        assertThat(config.requestFields())
                .extracting(Object::toString)
                .containsExactly("X-A: 1, 2", "+X-B: c:d", "-Cookie");
        assertThat(config.responseFields()).extracting(Object::toString).containsExactly("-Server");
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.clientIdleTimeout()).isZero();
        assertThat(config.leaseTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.flushDeadline()).isZero();
        assertThat(List.of(
                        config.maxConnections(),
                        config.maxConnectionsPerHost(),
                        config.maxQueue(),
                        config.maxHeadLines(),
                        config.resumeTries()))
                .containsExactly(5, 4, 0, 6, 0);
        assertThat(config.maxLineLength()).isEqualTo(7 << 10);
        assertThat(config.resumeDelay()).isEqualTo(Duration.ofMillis(8));
        assertThat(config.events()).containsInstanceOf(Listener.class);
    }

    @Test
    @DisplayName("let requests name targets of a list")
    void fromRequest() {
        ProxyConfig config = read(Map.of(
                "target-from", "parameter:url",
                "allowed-targets", "https://*.example.org, http://files.test:8080",
                "allowed-networks", "10.1.0.0/16, fd00::/8",
                "target-max-size", "3MiB",
                "target-max-time", "4m"));

        assertThat(config.targetParameter()).contains("url");
        assertThat(config.targetMaxSize()).isEqualTo(3 << 20);
        assertThat(config.targetMaxTime()).isEqualTo(Duration.ofMinutes(4));
        assertThat(config.allowedTargets())
                .extracting(Object::toString)
                .containsExactly("https://*.example.org:443", "http://files.test:8080");
        assertThat(config.allowedNetworks()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target | ftp://up.test | absolute http or https URLs",
                "target | up.test | absolute http or https URLs",
                "target | http://up.test/#x | without a fragment",
                "target-from | url | parameter:",
                "target-from | parameter:a=b | parameter:",
                "allowed-targets | example.org | scheme://host",
                "allowed-networks | 10.0.0.0 | 10.0.0.0/8",
                "allowed-networks | 10.0.0.0/33 | 10.0.0.0/8",
                "strip-prefix | v1 | begins with a slash",
                "preserve-host | yes | on, off",
                "forwarded | yes | replace, append, off",
                "via | a b | a token",
                "request-fields | X A: b | a line each",
                "request-fields | X-A | a line each",
                "response-fields | -X: b | a line each",
                "response-fields | content-length: 5 | no field of the connection or of framing",
                "request-fields | +Transfer-Encoding: chunked | no field of the connection or of framing",
                "request-fields | -Connection | no field of the connection or of framing",
                "idle-timeout | 5 | a time",
                "max-connections | many | a whole number",
                "max-line-length | 1KB | a size",
                "resume-tries | -1 | a whole number"
            })
    @DisplayName("are refused with their name, their value and what is allowed")
    void malformed(String name, String value, String allowed) {
        assertThatThrownBy(() -> readWithTargetUnless(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("servlet proxy", "\"" + name + "\"", "\"" + value + "\"", allowed);
    }

    private static void readWithTargetUnless(String name, String value) {
        read(name.equals("target") ? Map.of("target", value) : Map.of("target", "http://up.test/", name, value));
    }

    @Test
    @DisplayName("have no unknown names")
    void unknown() {
        assertThatThrownBy(() -> readWithTarget("targets", "x"))
                .hasMessageContainingAll("\"targets\"", "target, target-from", "resume-delay, events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle-timeout", "connect-timeout", "lease-timeout"})
    @DisplayName("have no timeout of no time, which would be none")
    void noTime(String name) {
        assertThatThrownBy(() -> readWithTarget(name, "0s")).hasMessageContaining("longer than nothing");
    }

    @Test
    @DisplayName("have no negative times")
    void negativeTime() {
        Duration before = Duration.ofMillis(-1);
        assertThatThrownBy(() -> ProxyConfig.builder()
                        .target("http://a")
                        .flushDeadline(before)
                        .build())
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> ProxyConfig.builder()
                        .target("http://a")
                        .resumeDelay(before)
                        .build())
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> ProxyConfig.builder()
                        .target("http://a")
                        .clientIdleTimeout(before)
                        .build())
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> ProxyConfig.builder()
                        .target("http://a")
                        .targetMaxTime(before)
                        .build())
                .hasMessageContaining("negative");
    }

    @Test
    @DisplayName("need exactly one source of targets")
    void oneSource() {
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining("exactly one of target");
        assertThatThrownBy(() ->
                        read(Map.of("target", "http://a", "target-from", "parameter:x", "allowed-targets", "http://b")))
                .hasMessageContaining("exactly one of target");
        assertThatThrownBy(() -> read(Map.of("target-from", "parameter:x"))).hasMessageContaining("allowedTargets");
        assertThatThrownBy(() -> read(
                        Map.of("target-from", "parameter:x", "allowed-targets", "http://b", "preserve-host", "on")))
                .hasMessageContaining("preserveHost");
        assertThat(ProxyConfig.builder()
                        .hooks(ProxyHooks.none()
                                .withChooser(
                                        request -> UpstreamUri.parse("http://a").orElseThrow()))
                        .build()
                        .target())
                .isEmpty();
    }

    @Test
    @DisplayName("stop the start of the servlet if they are wrong")
    void servletDoesNotStart() {
        assertThatThrownBy(() -> new ProxyServlet().init(new WebXml(Map.of("target", "x"))))
                .isInstanceOf(ServletException.class)
                .hasMessageContainingAll("servlet proxy", "\"target\"");
    }

    @Test
    @DisplayName("are of no use without the HTTP client, which the servlet says when it starts")
    void withoutClient() throws Exception {
        // Only these: the client is not among them.
        URL[] classPath = {location(ProxyServlet.class), location(HttpServlet.class), location(IOUtils.class)};
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> config = loader.loadClass(ServletConfig.class.getName());
            Map<String, String> parameters = Map.of("target", "http://up.test/");
            Object webXml = Proxy.newProxyInstance(
                    loader, new Class<?>[] {config}, (proxy, method, arguments) -> switch (method.getName()) {
                        case "getServletName" -> "proxy";
                        case "getInitParameterNames" -> Collections.enumeration(parameters.keySet());
                        case "getInitParameter" -> parameters.get((String) arguments[0]);
                        default -> null;
                    });
            Object servlet = loader.loadClass(ProxyServlet.class.getName())
                    .getConstructor()
                    .newInstance();

            assertThatThrownBy(
                            () -> servlet.getClass().getMethod("init", config).invoke(servlet, webXml))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageContaining("org.apache.httpcomponents.client5:httpclient5");
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    @DisplayName("name networks that contain addresses or do not")
    void networks() {
        Network network = Network.parse("10.1.128.0/17").orElseThrow();
        assertThat(network.contains(IpLiteral.parse("10.1.128.1").orElseThrow()))
                .isTrue();
        assertThat(network.contains(IpLiteral.parse("10.1.127.1").orElseThrow()))
                .isFalse();
        assertThat(network.contains(IpLiteral.parse("::1").orElseThrow())).isFalse();
        assertThat(Network.parse("0.0.0.0/0")
                        .map(all -> all.contains(IpLiteral.parse("9.9.9.9").orElseThrow())))
                .isEqualTo(Optional.of(true));
    }

    /** The init-params of one servlet element. */
    private record WebXml(Map<String, String> parameters) implements ServletConfig {
        @Override
        public String getServletName() {
            return "proxy";
        }

        @Override
        public ServletContext getServletContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getInitParameter(String name) {
            return parameters.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(parameters.keySet());
        }
    }
}
