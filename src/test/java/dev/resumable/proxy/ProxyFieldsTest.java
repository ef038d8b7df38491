// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.proxy.ScriptedUpstream.Seen;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Which fields pass, in which form, both ways. */
@DisplayName("fields through a proxy")
final class ProxyFieldsTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static Seen forwarded(ContainerKind kind, RawRequest request) throws IOException {
        bed.answer(ProxyBed.OK);
        RawResponse got = bed.exchange(kind, request).assertComplete();
        assertThat(got.status()).isEqualTo(200);
        return bed.upstream().onlyRequest();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of one connection do not pass to the server (RFC 9110 §7.6.1)")
    void hopByHopOfRequest(ContainerKind kind) throws IOException {
        Seen seen = forwarded(
                kind,
                RawRequest.get(
                        "/app/proxy/x",
                        "Connection: keep-alive, X-One",
                        "Connection: x-two, Upgrade",
                        "X-One: 1",
                        "X-Two: 2",
                        "X-Three: 3",
                        "Keep-Alive: timeout=5",
                        "Proxy-Connection: keep-alive",
                        "Proxy-Authorization: Basic eA==",
                        "Proxy-Authenticate: Basic",
                        "TE: gzip",
                        "Trailer: X-Four",
                        "Upgrade: example/1"));

        assertThat(Stream.of(
                                "Connection",
                                "X-One",
                                "X-Two",
                                "Keep-Alive",
                                "Proxy-Connection",
                                "Proxy-Authorization",
                                "Proxy-Authenticate",
                                "TE",
                                "Trailer",
                                "Upgrade")
                        .filter(name -> !seen.fields(name).isEmpty()))
                .isEmpty();
        assertThat(seen.field("X-Three")).contains("3");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of one connection do not pass to the client")
    void hopByHopOfResponse(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 200 OK\r\nConnection: X-One\r\nX-One: 1\r\nX-Two: 2\r\nKeep-Alive: timeout=7\r\n"
                + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nTrailer: X-Five\r\nContent-Length: 2\r\n\r\nok");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.fields("X-One")).isEmpty();
        assertThat(got.fields("Proxy-Authenticate")).isEmpty();
        assertThat(got.fields("Upgrade")).isEmpty();
        assertThat(got.fields("Trailer")).isEmpty();
        assertThat(got.fields("Keep-Alive")).doesNotContain("timeout=7");
        assertThat(got.field("X-Two")).contains("2");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of the proxy are set after the strip, so that a client cannot name them away")
    void ownFieldsCannotBeNamedAway(ContainerKind kind) throws IOException {
        Seen seen = forwarded(
                kind,
                RawRequest.get(
                        "/app/proxy/x",
                        "Connection: X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto, Forwarded, Via, Host"));

        assertThat(seen.field("X-Forwarded-For")).contains("127.0.0.1");
        assertThat(seen.field("X-Forwarded-Proto")).contains("http");
        assertThat(seen.field("Via")).contains("1.1 resumable");
        assertThat(seen.field("Host")).contains("127.0.0.1:" + bed.upstream().port());
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("about the client replace what an untrusted peer has sent")
    void forwardedReplaces(ContainerKind kind) throws IOException {
        Seen seen = forwarded(
                kind,
                RawRequest.get(
                        "/app/proxy/x",
                        "Host: public.example:8080",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Prefix: /evil",
                        "X-Forwarded-User: root",
                        "X_Forwarded_Port: 6",
                        "X-Real-IP: 6.6.6.6",
                        "X_Real_IP: 6.6.6.6",
                        "Forwarded: for=6.6.6.6",
                        "Via: 1.0 fred"));

        assertThat(seen.field("X-Forwarded-For")).contains("127.0.0.1");
        assertThat(seen.field("X-Forwarded-Host")).contains("public.example:8080");
        assertThat(seen.field("X-Forwarded-Proto")).contains("http");
        assertThat(seen.head())
                .doesNotContainIgnoringCase("prefix")
                .doesNotContainIgnoringCase("real")
                .doesNotContain("root", "_Port");
        assertThat(seen.field("Forwarded")).contains("for=127.0.0.1;host=\"public.example:8080\";proto=http");
        assertThat(seen.fields("Via")).containsExactly("1.0 fred", "1.1 resumable");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that are absent are not invented, and those that are there are not changed")
    void nothingInvented(ContainerKind kind) throws IOException {
        Seen bare = forwarded(kind, RawRequest.get("/app/proxy/x"));
        assertThat(List.of(
                        bare.fields("User-Agent"),
                        bare.fields("Accept"),
                        bare.fields("Accept-Encoding"),
                        bare.fields("Content-Length"),
                        bare.fields("Transfer-Encoding"),
                        bare.fields("Content-Type"),
                        bare.fields("Connection")))
                .allMatch(List::isEmpty);

        Seen full = forwarded(
                kind,
                RawRequest.get(
                        "/app/proxy/x",
                        "User-Agent: a/1 (b; c)",
                        "Accept: */*;q=0.1",
                        "Accept-Encoding: br, zstd",
                        "Cookie: a=\"b c\"; d=e",
                        "Authorization: Bearer xyz",
                        "X-Twice: 1",
                        "X-Twice: 2",
                        "Range: bytes=1-2,5-",
                        "If-Range: \"t\"",
                        "If-None-Match: W/\"x\""));
        assertThat(full.field("User-Agent")).contains("a/1 (b; c)");
        assertThat(full.field("Accept")).contains("*/*;q=0.1");
        assertThat(full.field("Accept-Encoding")).contains("br, zstd");
        assertThat(full.field("Cookie")).contains("a=\"b c\"; d=e");
        assertThat(full.field("Authorization")).contains("Bearer xyz");
        assertThat(full.fields("X-Twice")).containsExactly("1", "2");
        assertThat(full.field("Range")).contains("bytes=1-2,5-");
        assertThat(full.field("If-Range")).contains("\"t\"");
        assertThat(full.field("If-None-Match")).contains("W/\"x\"");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keep their bytes, whatever they mean (RFC 9110 §5.5)")
    void bytes(ContainerKind kind) throws IOException {
        // Bytes that are no UTF-8 are read in other ways by some containers.
        String value = new String("a\u00e9b\u0142".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Seen seen = forwarded(kind, RawRequest.get("/app/proxy/x", "X-Bytes: " + value));

        assertThat(seen.field("X-Bytes")).contains(value);
        assertThat(value).matches(".*[\\x80-\\x9f].*");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("Expect of an HTTP/1.0 client goes no further (RFC 9110 §10.1.1)")
    void expectOfOldClient(ContainerKind kind) throws IOException {
        bed.upstream().script(exchange -> {
            exchange.read(2);
            exchange.send(ProxyBed.OK);
        });
        bed.exchange(
                kind,
                RawRequest.of("POST", "/app/proxy/x", "Expect: 100-continue", "Content-Length: 2")
                        .http10()
                        .withUnframedBody(new byte[2]));
        assertThat(bed.upstream().onlyRequest().field("Expect")).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("TE may go on as \"trailers\" alone (RFC 9110 §10.1.4)")
    void te(ContainerKind kind) throws IOException {
        Seen seen = forwarded(kind, RawRequest.get("/app/proxy/x", "TE: deflate;q=0.5, trailers", "Connection: TE"));

        assertThat(seen.field("TE")).contains("trailers");
        assertThat(seen.field("Connection")).contains("TE");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of a response pass as they are: codings, validators, cookies, several lines, Date and Server")
    void responseFields(ContainerKind kind) throws IOException {
        bed.answer("HTTP/1.1 404 Not here\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\nServer: strange/1\r\n"
                + "Content-Encoding: gzip\r\nETag: W/\"a\"\r\nLast-Modified: Tue, 15 Nov 1994 08:12:31 GMT\r\n"
                + "Set-Cookie: a=1; Path=/base; Odd\r\nSet-Cookie: b=\"2\"; Expires=Tue, 15 Nov 2044 08:12:31 GMT\r\n"
                + "Content-Type: text/html\r\nLocation: http://elsewhere.example/x\r\nVary: Accept\r\nX-A: 1\r\n"
                + "X-A: 2\r\nX-Late : 3\r\nVia: 1.0 fred\r\nContent-Length: 2\r\n\r\nok");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.status()).isEqualTo(404);
        assertThat(got.field("Date")).contains("Tue, 15 Nov 1994 08:12:31 GMT");
        assertThat(got.field("Server")).contains("strange/1");
        assertThat(got.field("Content-Encoding")).contains("gzip");
        assertThat(got.field("ETag")).contains("W/\"a\"");
        assertThat(got.field("Last-Modified")).contains("Tue, 15 Nov 1994 08:12:31 GMT");
        assertThat(got.fields("Set-Cookie"))
                .containsExactly("a=1; Path=/base; Odd", "b=\"2\"; Expires=Tue, 15 Nov 2044 08:12:31 GMT");
        assertThat(got.field("Content-Type")).contains("text/html");
        assertThat(got.field("Location")).contains("http://elsewhere.example/x");
        assertThat(got.field("Vary")).contains("Accept");
        assertThat(got.fields("X-A")).containsExactly("1", "2");
        assertThat(got.field("X-Late")).contains("3");
        assertThat(got.fields("Via")).containsExactly("1.0 fred", "1.1 resumable");
        assertThat(got.field("Content-Length")).contains("2");
        assertThat(got.bodyText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that count hops are counted down for OPTIONS, and end there (RFC 9110 §7.6.2)")
    void maxForwards(ContainerKind kind) throws IOException {
        assertThat(forwarded(kind, RawRequest.of("OPTIONS", "/app/proxy/x", "Max-Forwards: 3"))
                        .field("Max-Forwards"))
                .contains("2");
        assertThat(forwarded(kind, RawRequest.get("/app/proxy/x", "Max-Forwards: 0"))
                        .field("Max-Forwards"))
                .contains("0");
        bed.answer(ProxyBed.OK);
        RawResponse last = bed.exchange(kind, RawRequest.of("OPTIONS", "/app/proxy/x", "Max-Forwards: 0"));
        assertThat(last.assertComplete().status()).isEqualTo(200);
        assertThat(bed.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("about the type get no charset that the server has not named, and keep the one that it has")
    void types(ContainerKind kind) throws IOException {
        for (String type : List.of(
                "text/html",
                "text/html; level=1",
                "text/plain",
                "text/html; charset=UTF-8",
                "text/css; charset=\"utf-8\"; x=y",
                "application/json",
                "nothing",
                "multipart/byteranges; boundary=\"a b\"")) {
            bed.answer("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\n\r\nok");
            String got = bed.get(kind, "/app/proxy/x")
                    .assertComplete()
                    .field("Content-Type")
                    .orElseThrow();
            assertThat(parameters(got)).isEqualTo(parameters(type));
        }
    }

    /** Containers write a charset in their own way: without a space or quotes, as the last, in lower case. */
    private static Set<String> parameters(String type) {
        return Set.of(type.replaceAll("[ \"]", "").toLowerCase(Locale.ROOT).split(";"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("without a type get none")
    void noType(ContainerKind kind) throws IOException {
        bed.answer(ProxyBed.OK);
        assertThat(bed.get(kind, "/app/proxy/x").assertComplete().field("Content-Type"))
                .isEmpty();
    }
}
