// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FreePort;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets that requests name themselves, with names that resolve to what the test says. */
@DisplayName("a target that a request names")
final class ProxyTargetPolicyTest {

    private static final Map<ContainerKind, EmbeddedContainer> CONTAINERS = new EnumMap<>(ContainerKind.class);
    private static final Map<String, AtomicInteger> LOOKUPS = new ConcurrentHashMap<>();
    private static ScriptedUpstream upstream;
    private static ScriptedUpstream forbidden;

    /** 127.0.0.1 is where the test's servers are, so that it is the one network allowed; "rebinding" changes after a look-up. */
    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        int before =
                LOOKUPS.computeIfAbsent(host, ignored -> new AtomicInteger()).getAndIncrement();
        return switch (host) {
            case "good.test", "sub.good.test" -> addresses("127.0.0.1");
            case "rebinding.test" -> addresses(before == 0 ? "127.0.0.1" : "127.0.0.2");
            case "private.test" -> addresses("10.0.0.1");
            case "metadata.test" -> addresses("169.254.169.254");
            case "mapped.test" -> addresses("::ffff:10.0.0.1");
            case "half.test" -> addresses("127.0.0.1", "192.168.0.1");
            case "other-loopback.test" -> addresses("127.0.0.2");
            case "empty.test" -> List.of();
            default -> throw new UnknownHostException(host);
        };
    }

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(text -> IpLiteral.parse(text).orElseThrow()).toList();
    }

    private static final class TestProxy extends ProxyServlet {

        private static final long serialVersionUID = 1L;

        TestProxy(ProxyConfig config) {
            super(config);
        }

        @Override
        RunningProxy start(ProxyConfig config) {
            return new RunningProxy(config, new ApacheUpstream(config), ProxyTargetPolicyTest::resolve);
        }
    }

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
        forbidden = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK));
        for (ContainerKind kind : ContainerKind.running()) {
            CONTAINERS.put(kind, start(kind));
        }
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        int[] own = new int[1];
        List<AllowedTarget> allowed = Stream.concat(
                        Stream.of(
                                        "good.test",
                                        "*.good.test",
                                        "rebinding.test",
                                        "private.test",
                                        "metadata.test",
                                        "mapped.test",
                                        "half.test",
                                        "other-loopback.test",
                                        "empty.test",
                                        "unknown.test",
                                        "127.0.0.1",
                                        "10.0.0.1",
                                        "[::1]")
                                .map(host -> "http://" + host + ":" + upstream.port()),
                        Stream.of("http://*:" + freePort(own)))
                .map(text -> AllowedTarget.parse(text).orElseThrow())
                .toList();
        ProxyConfig config = ProxyConfig.builder()
                .targetFrom(Optional.of("parameter:url"))
                .allowedTargets(allowed)
                .allowedNetworks(List.of(Network.of("127.0.0.1/32")))
                .resumeDelay(Duration.ofMillis(10))
                .build();
        return kind.start(new WebApp()
                .tomcat(tomcat -> tomcat.getConnector().setPort(kind == ContainerKind.TOMCAT ? own[0] : 0))
                .servlet(ServletEntry.of("proxy", new TestProxy(config), "/fetch")
                        .async()));
    }

    /** A port for the proxy itself, so that a request can name it. */
    private static int freePort(int[] own) {
        own[0] = FreePort.find();
        return own[0];
    }

    @AfterAll
    static void stop() {
        CONTAINERS.values().forEach(EmbeddedContainer::close);
        upstream.close();
        forbidden.close();
    }

    private static RawResponse fetch(ContainerKind kind, String url, String... lines) throws IOException {
        return CONTAINERS
                .get(kind)
                .get("/fetch?other=1&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8), lines)
                .assertComplete();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is fetched if it is on the list, without what the client has for this server")
    void allowed(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));

        RawResponse got = fetch(
                kind,
                "http://good.test:" + upstream.port() + "/a%2fb?c=d&e",
                "Cookie: session=1",
                "Authorization: Bearer x",
                "Referer: http://this.test/secret",
                "X-Forwarded-For: 6.6.6.6",
                "X_Forwarded_Host: this.test",
                "Forwarded: for=6.6.6.6",
                "Range: bytes=0-1");

        assertThat(got.status()).isEqualTo(200);
        ScriptedUpstream.Seen seen = upstream.onlyRequest();
        assertThat(seen.target()).isEqualTo("/a%2fb?c=d&e");
        assertThat(seen.field("Host")).contains("good.test:" + upstream.port());
        assertThat(seen.field("Range")).contains("bytes=0-1");
        assertThat(seen.fields("Cookie")).isEmpty();
        assertThat(seen.fields("Authorization")).isEmpty();
        assertThat(seen.fields("Referer")).isEmpty();
        assertThat(seen.head()).doesNotContainIgnoringCase("forwarded");
    }

    static Stream<Arguments> refused() {
        String port = ":" + upstream.port();
        return Stream.of(
                        "",
                        "/relative",
                        "//good.test" + port + "/",
                        "http://elsewhere.test" + port + "/",
                        "http://xgood.test" + port + "/",
                        "http://good.test.evil" + port + "/",
                        "http://good.test/",
                        "http://good.test:" + forbidden.port() + "/",
                        "https://good.test" + port + "/",
                        "ftp://good.test" + port + "/",
                        "file:///etc/passwd",
                        "http://user@good.test" + port + "/",
                        "http://good.test" + port + "@evil.test/",
                        "http://good.test" + port + "\\@evil.test/",
                        "http://good.test" + port + "/\r\nX: y",
                        "http://good.test" + port + "/a b",
                        "http://good.test" + port + "/\u00e9",
                        "http://good.test" + port + "/\u0085",
                        "http://good.test" + port + "/#f",
                        "http://private.test" + port + "/",
                        "http://metadata.test" + port + "/",
                        "http://mapped.test" + port + "/",
                        "http://half.test" + port + "/",
                        "http://other-loopback.test" + port + "/",
                        "http://empty.test" + port + "/",
                        "http://unknown.test" + port + "/",
                        "http://10.0.0.1" + port + "/",
                        "http://[::1]" + port + "/",
                        "http://2130706433" + port + "/",
                        "http://0x7f.1" + port + "/",
                        "http://127.1" + port + "/",
                        "http://%31%32%37.0.0.1" + port + "/")
                .flatMap(url -> ContainerKind.running().stream().map(kind -> Arguments.of(kind, url)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    @DisplayName("is refused, and all refusals look alike")
    void refused(ContainerKind kind, String url) throws IOException {
        upstream.script(exchange -> exchange.send(ProxyBed.OK));

        RawResponse got = fetch(kind, url);

        assertThat(got.status()).isEqualTo(403);
        assertThat(got.bodyText())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
                        + "\"detail\":\"The target is not allowed.\"}");
        assertThat(upstream.requests()).isEmpty();
        assertThat(forbidden.requests()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is refused if the request names none")
    void none(ContainerKind kind) throws IOException {
        assertThat(CONTAINERS.get(kind).get("/fetch").assertComplete().status()).isEqualTo(403);
        assertThat(CONTAINERS
                        .get(kind)
                        .get("/fetch?xurl=http://good.test")
                        .assertComplete()
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is resolved once: a resumed answer goes to the address that was checked")
    void rebinding(ContainerKind kind) throws IOException {
        LOOKUPS.clear();
        byte[] content = Bytes.pattern(1_000);
        upstream.script(exchange -> {
            if (exchange.number() == 0) {
                exchange.send("HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 1000\r\n\r\n")
                        .send(Arrays.copyOf(content, 500))
                        .close();
            } else {
                exchange.send(
                                "HTTP/1.1 206 Partial\r\nETag: \"v\"\r\nContent-Range: bytes 500-999/1000\r\nContent-Length: 500\r\n\r\n")
                        .send(Bytes.slice(500, 500));
            }
        });

        RawResponse got = fetch(kind, "http://rebinding.test:" + upstream.port() + "/x");
        assertThat(got.body()).isEqualTo(content);
        assertThat(LOOKUPS.get("rebinding.test")).hasValue(1);
        assertThat(upstream.requests()).hasSize(2);

        // The next look-up gives an address that is not allowed.
        assertThat(fetch(kind, "http://rebinding.test:" + upstream.port() + "/x")
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not followed elsewhere")
    void redirect(ContainerKind kind) throws IOException {
        upstream.script(exchange -> exchange.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + forbidden.port()
                + "/\r\nContent-Length: 0\r\n\r\n"));

        assertThat(fetch(kind, "http://good.test:" + upstream.port() + "/x").status())
                .isEqualTo(302);
        assertThat(forbidden.requests()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can only be read from")
    void methods(ContainerKind kind) throws IOException {
        String target =
                "/fetch?url=" + URLEncoder.encode("http://good.test:" + upstream.port(), StandardCharsets.UTF_8);
        upstream.script(exchange -> exchange.send(ProxyBed.OK));

        RawResponse got = CONTAINERS
                .get(kind)
                .connect()
                .exchange(RawRequest.of("POST", target).withBody(new byte[1]))
                .assertComplete();

        assertThat(got.status()).isEqualTo(405);
        assertThat(got.field("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource(except = {ContainerKind.JETTY, ContainerKind.JETTY_EE11, ContainerKind.UNDERTOW})
    @DisplayName("is not this server itself")
    void ownListener(ContainerKind kind) throws IOException {
        int port = CONTAINERS.get(kind).port();

        assertThat(fetch(kind, "http://127.0.0.1:" + port + "/fetch").status()).isEqualTo(403);
    }
}
