// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths and queries as they arrive at the server. */
@DisplayName("the target of a request")
final class ProxyTargetTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static Stream<Arguments> onEveryContainer(List<List<String>> rows) {
        return rows.stream()
                .flatMap(row -> ContainerKind.running().stream()
                        .map(kind -> Arguments.of(
                                Stream.concat(Stream.of(kind), row.stream()).toArray())));
    }

    static Stream<Arguments> exact() {
        return onEveryContainer(List.of(
                List.of("/app/proxy", "/base"),
                List.of("/app/proxy/", "/base/"),
                List.of("/app/proxy/a/b", "/base/a/b"),
                List.of("/app/proxy/%7Euser/~user", "/base/%7Euser/~user"),
                List.of("/app/proxy/a%20b%C3%A9+c", "/base/a%20b%C3%A9+c"),
                List.of("/app/proxy/a;m=1/b;n=2", "/base/a;m=1/b;n=2"),
                List.of("/app/proxy/a?b=c?d&e=%26&&f", "/base/a?b=c?d&e=%26&&f"),
                List.of("/app/proxy/a?x=/../..", "/base/a?x=/../.."),
                List.of("/app/proxy/a:b@c,d!$'()*", "/base/a:b@c,d!$'()*"),
                List.of("/app/proxy/...", "/base/..."),
                List.of("/app/proxy/.hidden/a..b", "/base/.hidden/a..b")));
    }

    @ParameterizedTest(name = "{0}: {1} arrives as {2}")
    @MethodSource("exact")
    @DisplayName("is joined byte by byte")
    void joinedExactly(ContainerKind kind, String target, String expected) throws IOException {
        bed.answer(ProxyBed.OK);

        RawResponse got = bed.get(kind, target).assertComplete();

        assertThat(got.status()).isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().line()).isEqualTo("GET " + expected + " HTTP/1.1");
    }

    /** Some containers refuse or clean these themselves; what they let pass must stay within the base. */
    static Stream<Arguments> escaping() {
        return onEveryContainer(Stream.of(
                        "/app/../app/proxy/x",
                        "/app/x/../proxy/x",
                        "/../app/proxy/x",
                        "/app/proxy/..",
                        "/app/proxy/../x",
                        "/app/proxy/a/../../x",
                        "/app/proxy/%2e%2e/x",
                        "/app/proxy/%2E./x",
                        "/app/proxy/.%2e/x",
                        "/app/proxy/..;a=b/x",
                        "/app/proxy/..%3ba/x",
                        "/app/proxy/..%2fx",
                        "/app/proxy/a%2f..%2f..%2fx",
                        "/app/proxy/a%2fb/../../../x",
                        "/app/proxy/..%5cx",
                        "/app/proxy/..\\x",
                        "/app/proxy/a/%2e/../../x",
                        "/app/proxy//../../x")
                .map(List::of)
                .toList());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("escaping")
    @DisplayName("never leaves the base")
    void neverLeaves(ContainerKind kind, String target) throws IOException {
        bed.answer(ProxyBed.OK);

        try (RawClient client = bed.on(kind).connect()) {
            client.send(RawRequest.get(target, "Connection: close"));
            String answer = new String(client.readAll(), StandardCharsets.ISO_8859_1);
            // The container may find something else at the cleaned path, but not through the proxy.
            assertThat(answer).startsWith("HTTP/1.1 ").doesNotEndWith("ok");
        }
        assertThat(bed.upstream().requests()).isEmpty();
    }

    static Stream<Arguments> within() {
        return onEveryContainer(List.of(
                List.of("/app/proxy/a/../b"),
                List.of("/app/proxy/a/./b"),
                List.of("/app/proxy//a//b"),
                List.of("/app/proxy/a%2fb"),
                List.of("/app/proxy/a?b=%zz"),
                List.of("/app/proxy/a?q={x}|^`\"<>"),
                List.of("/app/proxy/{x}|^"),
                List.of("/app/proxy/%zz")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("within")
    @DisplayName("may be unusual within the base, if the container lets it pass")
    void staysWithin(ContainerKind kind, String target) throws IOException {
        bed.answer(ProxyBed.OK);

        RawResponse got = bed.get(kind, target);

        if (got.status() == 200) {
            assertThat(bed.upstream().onlyRequest().target())
                    .isEqualTo("/base" + target.substring("/app/proxy".length()));
        } else {
            assertThat(got.status()).isEqualTo(400);
            assertThat(bed.upstream().requests()).isEmpty();
        }
    }

    /** Undertow does not tell an empty query from none. */
    @ParameterizedTest
    @ContainerSource(except = ContainerKind.UNDERTOW)
    @DisplayName("keeps an empty query, where the container tells of it")
    void emptyQuery(ContainerKind kind) throws IOException {
        bed.answer(ProxyBed.OK);
        bed.get(kind, "/app/proxy/a?").assertComplete();
        assertThat(bed.upstream().onlyRequest().target()).isEqualTo("/base/a?");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("methods")
    @DisplayName("is asked with the method of the client, whatever it is")
    void methods(ContainerKind kind, String method) throws IOException {
        bed.answer("HTTP/1.1 204 No Content\r\n\r\n");

        RawResponse got =
                bed.exchange(kind, RawRequest.of(method, "/app/proxy/x")).assertComplete();

        assertThat(got.status()).isEqualTo(204);
        assertThat(bed.upstream().onlyRequest().line()).isEqualTo(method + " /base/x HTTP/1.1");
    }

    static Stream<Arguments> methods() {
        return onEveryContainer(Stream.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "POST")
                .map(List::of)
                .toList());
    }
}
