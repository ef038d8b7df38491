// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a deployer can have changed on the way. */
@DisplayName("a proxy with settings")
final class ProxyRewriteTest {

    private static final PublicLocations LOCATIONS =
            new PublicLocations(UpstreamUri.parse("http://up.test:81/base").orElseThrow(), "/app/proxy");

    private ProxyBed bed;

    @AfterEach
    void stop() {
        if (bed != null) {
            bed.close();
        }
    }

    // ---- locations and cookies

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://up.test:81/base/a?b=c#d | /app/proxy/a?b=c#d",
                "http://up.test:81/base | /app/proxy/",
                "http://UP.test:81/base/ | /app/proxy/",
                "/base/a%2fb | /app/proxy/a%2fb",
                "//up.test:81/base/a | /app/proxy/a",
                "a/b?c | a/b?c",
                "../a | ../a",
                "?x | ?x",
                "http://up.test:81/other | http://up.test:81/other",
                "http://up.test:81/basement | http://up.test:81/basement",
                "/basement | /basement",
                "http://up.test/base/a | http://up.test/base/a",
                "https://up.test:81/base/a | https://up.test:81/base/a",
                "http://elsewhere.test/base/a | http://elsewhere.test/base/a",
                "http://user@up.test:81/base/a | http://user@up.test:81/base/a",
                "mailto:a@b | mailto:a@b"
            })
    @DisplayName("leads locations within the target back, and no others")
    void locations(String location, String expected) {
        FieldSection fields = new FieldSection()
                .add("Location", location)
                .add("Content-Location", location)
                .add("Refresh", "5; url=" + location);

        LOCATIONS.rewriteLocations(fields);

        assertThat(fields.lines("Location")).containsExactly(expected);
        assertThat(fields.lines("Content-Location")).containsExactly(expected);
        assertThat(fields.lines("Refresh")).containsExactly("5; url=" + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; Path=/base; HttpOnly | a=b; Path=/app/proxy/; HttpOnly",
                "a=b;path=/base/x;Secure | a=b;path=/app/proxy/x;Secure",
                "a=b; Path=/ | a=b; Path=/",
                "a=b; Path=/other | a=b; Path=/other",
                "a=\"Path=/base\"; Odd=1; SameSite=Lax | a=\"Path=/base\"; Odd=1; SameSite=Lax",
                "a=b; Domain=up.test; Path=/base/ | a=b; Path=/app/proxy/",
                "a=b; domain=.test | a=b",
                "a=b; Domain=elsewhere.test | a=b; Domain=elsewhere.test",
                "a=b; Expires=Tue, 15 Nov 2044 08:12:31 GMT; X | a=b; Expires=Tue, 15 Nov 2044 08:12:31 GMT; X"
            })
    @DisplayName("leads cookies back by their attributes alone")
    void cookies(String cookie, String expected) {
        FieldSection fields = new FieldSection().add("Set-Cookie", "first=1").add("Set-Cookie", cookie);

        LOCATIONS.rewriteCookies(fields);

        assertThat(fields.lines("Set-Cookie")).containsExactly("first=1", expected);
    }

    @Test
    @DisplayName("never makes a location that names another host")
    void noHost() {
        PublicLocations root =
                new PublicLocations(UpstreamUri.parse("http://up.test/").orElseThrow(), "");
        FieldSection fields = new FieldSection().add("Location", "http://up.test//evil.test/");

        root.rewriteLocations(fields);

        assertThat(fields.lines("Location")).containsExactly("http://up.test//evil.test/");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does so on request")
    void rewritten(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "/base",
                config -> config.rewriteLocations(ProxyConfig.Switch.ON).rewriteCookies(ProxyConfig.Switch.ON));
        bed.answer("HTTP/1.1 302 Found\r\nLocation: " + bed.upstream().url() + "/base/next?x\r\n"
                + "Set-Cookie: a=b; Path=/base/dir\r\nContent-Length: 0\r\n\r\n");

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.status()).isEqualTo(302);
        assertThat(got.field("Location")).contains("/app/proxy/next?x");
        assertThat(got.field("Set-Cookie")).contains("a=b; Path=/app/proxy/dir");
    }

    // ---- fields

    @ParameterizedTest
    @ContainerSource
    @DisplayName("changes fields by rules, keeps the client's Host and adds to what a trusted proxy said")
    void fields(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "",
                config -> config.preserveHost(ProxyConfig.Switch.ON)
                        .forwarded(ProxyConfig.Forwarded.APPEND)
                        .via("me")
                        .requestFields(rules("X-Key: secret", "-Cookie", "+X-More: 2"))
                        .responseFields(rules("-Server", "X-Frame-Options: DENY")));
        bed.answer("HTTP/1.1 200 OK\r\nServer: x\r\nX-Frame-Options: ALLOW\r\nContent-Length: 0\r\n\r\n");

        RawResponse got = bed.get(
                        kind,
                        "/app/proxy/x",
                        "Host: public.test",
                        "Cookie: a=b",
                        "X-Key: guess",
                        "X-More: 1",
                        "X-Forwarded-For: 9.9.9.9",
                        "X-Forwarded-Host: outside.test",
                        "X-Forwarded-Proto: https",
                        "Forwarded: for=9.9.9.9")
                .assertComplete();

        ScriptedUpstream.Seen seen = bed.upstream().onlyRequest();
        assertThat(seen.field("Host")).contains("public.test");
        assertThat(seen.field("X-Key")).contains("secret");
        assertThat(seen.fields("X-More")).containsExactly("1", "2");
        assertThat(seen.fields("Cookie")).isEmpty();
        assertThat(seen.field("X-Forwarded-For")).contains("9.9.9.9, 127.0.0.1");
        assertThat(seen.field("X-Forwarded-Host")).contains("outside.test");
        assertThat(seen.field("X-Forwarded-Proto")).contains("https");
        assertThat(seen.field("Forwarded")).contains("for=9.9.9.9, for=127.0.0.1;host=public.test;proto=http");
        assertThat(seen.field("Via")).contains("1.1 me");
        assertThat(got.field("X-Frame-Options")).contains("DENY");
        assertThat(got.fields("Server")).doesNotContain("x");
    }

    private static List<FieldRule> rules(String... texts) {
        return List.of(texts).stream()
                .map(text -> FieldRule.parse(text).orElseThrow())
                .toList();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can tell the server nothing about the client")
    void forwardedOff(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "", config -> config.forwarded(ProxyConfig.Forwarded.OFF).via("off"));
        bed.answer(ProxyBed.OK);

        RawResponse got =
                bed.get(kind, "/app/proxy/x", "X-Forwarded-For: 9.9.9.9").assertComplete();

        assertThat(bed.upstream().onlyRequest().head())
                .doesNotContainIgnoringCase("forwarded")
                .doesNotContain("Via");
        assertThat(got.fields("Via")).isEmpty();
    }

    // ---- functions

    @ParameterizedTest
    @ContainerSource
    @DisplayName("calls functions for requests, responses and errors")
    void hooks(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "",
                config -> config.hooks(ProxyHooks.none()
                        .withRewriteRequest((incoming, outgoing) -> {
                            outgoing.fields().set("X-User", incoming.getParameter("user"));
                            return outgoing;
                        })
                        .withRewriteResponse((incoming, answer) -> {
                            answer.fields().set("X-Seen", incoming.getRequestURI());
                            return answer.status() == 404 ? answer.withStatus(410) : answer;
                        })
                        .withErrorHandler((request, response, problem) ->
                                response.getWriter().print(problem + " for " + request.getMethod()))));
        bed.answer("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno");

        RawResponse got = bed.get(kind, "/app/proxy/x?user=me").assertComplete();
        assertThat(got.status()).isEqualTo(410);
        assertThat(got.field("X-Seen")).contains("/app/proxy/x");
        assertThat(got.bodyText()).isEqualTo("no");
        assertThat(bed.upstream().onlyRequest().field("X-User")).contains("me");

        bed.upstream().script(exchange -> exchange.close());
        RawResponse failed = bed.get(kind, "/app/proxy/x?user=me").assertComplete();
        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.bodyText()).isEqualTo("BAD_ANSWER for GET");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps its own framing, whatever functions do to the fields")
    void framing(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "",
                config -> config.hooks(ProxyHooks.none()
                        .withRewriteRequest((incoming, outgoing) -> {
                            addFraming(outgoing.fields());
                            return outgoing;
                        })
                        .withRewriteResponse((incoming, answer) -> {
                            addFraming(answer.fields());
                            return new UpstreamResponse(
                                    answer.version(), answer.status(), answer.fields(), OptionalLong.of(1));
                        })));
        bed.answer(ProxyBed.OK);

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.field("Content-Length")).contains("2");
        assertThat(got.bodyText()).isEqualTo("ok");
        assertThat(got.head().raw()).doesNotContainIgnoringCase("chunked").doesNotContainIgnoringCase("X-Planted");
        assertThat(bed.upstream().onlyRequest().head())
                .doesNotContainIgnoringCase("Content-Length")
                .doesNotContainIgnoringCase("chunked")
                .doesNotContainIgnoringCase("X-Planted");
    }

    private static void addFraming(FieldSection fields) {
        fields.add("Content-Length", "7")
                .add("Transfer-Encoding", "chunked")
                .add("Connection", "X-Planted")
                .add("Trailer", "X-Planted")
                .add("Upgrade", "X-Planted");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("whose function throws answers 502 and tells nothing")
    void throwingHook(ContainerKind kind) throws IOException {
        bed = ProxyBed.start(
                "",
                config -> config.hooks(ProxyHooks.none().withRewriteRequest((incoming, outgoing) -> {
                    throw new IllegalStateException("secret");
                })));

        RawResponse got = bed.get(kind, "/app/proxy/x").assertComplete();

        assertThat(got.status()).isEqualTo(502);
        assertThat(got.bodyText()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("takes several targets in turn")
    void roundRobin(ContainerKind kind) throws IOException {
        try (ScriptedUpstream other = ScriptedUpstream.start(exchange -> exchange.send(ProxyBed.OK))) {
            bed = ProxyBed.start(
                    "",
                    config -> config.target(List.of(
                            config.build().target().get(0),
                            UpstreamUri.parse(other.url()).orElseThrow())));
            bed.answer(ProxyBed.OK);
            for (int i = 0; i < 6; i++) {
                bed.get(kind, "/app/proxy/x").assertComplete();
            }
            assertThat(bed.upstream().requests()).hasSize(3);
            assertThat(other.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("strips another prefix, and finds nothing at paths without it")
    void stripPrefix(ContainerKind kind) throws IOException {
        bed = ProxyBed.start("", config -> config.stripPrefix(Optional.of("/proxy/v1/")));
        bed.answer(ProxyBed.OK);

        assertThat(bed.get(kind, "/app/proxy/v1/a%20b").assertComplete().status())
                .isEqualTo(200);
        assertThat(bed.upstream().onlyRequest().target()).isEqualTo("/a%20b");
        assertThat(bed.get(kind, "/app/proxy/v2/a").assertComplete().status()).isEqualTo(404);
        assertThat(bed.get(kind, "/app/proxy/v10/a").assertComplete().status()).isEqualTo(404);
    }
}
