// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("an upstream URL")
final class UpstreamUriTest {

    @ParameterizedTest
    @CsvSource({
        "http://host, http, host, 80, /",
        "HTTPS://Host.Example./a, https, host.example, 443, /a",
        "http://host:8080/a%2Fb?c=d?e, http, host, 8080, /a%2Fb?c=d?e",
        "http://host?q, http, host, 80, /?q",
        "http://1.2.3.4:1/{x}|^%zz, http, 1.2.3.4, 1, /{x}|^%zz",
        "https://[2001:DB8::1]:444/, https, 2001:db8::1, 444, /",
        "http://a_b-c.d, http, a_b-c.d, 80, /"
    })
    @DisplayName("is read as it is")
    void read(String text, String scheme, String host, int port, String target) {
        UpstreamUri uri = UpstreamUri.parse(text).orElseThrow();

        assertThat(uri.scheme()).isEqualTo(scheme);
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
        assertThat(uri.requestTarget()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "/a",
                "//host/a",
                "ftp://host/",
                "file:///etc/passwd",
                "gopher://host/",
                "jar:http://host/!/",
                "http:host",
                "http:/host",
                "http:///a",
                "http://",
                "http://user@host/",
                "http://user:pass@host/",
                "http://@host/",
                "http://host\\@evil/",
                "http://host#@evil/",
                "http://host/#f",
                "http://host:0/",
                "http://host:65536/",
                "http://host:+80/",
                "http://host:8 0/",
                "http://host:/",
                "http://host:80:80/",
                "http://ho st/",
                "http://host/a b",
                "http://host/\r\nX: y",
                "http://host/\u0000",
                "http://host/\u20ac",
                "http://h%6fst/",
                "http://h\u00f6st/",
                "http://\u2460.example/",
                "http://.host/",
                "http://host../",
                "http://a..b/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://0x7f.1/",
                "http://1.2.3.4.5/",
                "http://256.1.1.1/",
                "http://[::1",
                "http://::1/",
                "http://[1.2.3.4]/",
                "http://[fe80::1%25eth0]/",
                "http://[::1]x/",
                "http://host,evil/",
                "http://*.host/"
            })
    @DisplayName("is refused in any other form")
    void refused(String text) {
        assertThat(UpstreamUri.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://h, '', -, /",
                "http://h, /, -, /",
                "http://h, /a, -, /a",
                "http://h/, /a, -, /a",
                "http://h/b, '', -, /b",
                "http://h/b, /, -, /b/",
                "http://h/b/, /a, -, /b/a",
                "http://h/b/, //a, -, /b//a",
                "http://h/b, /a, q=1, /b/a?q=1",
                "http://h/b?k=v, /a, -, /b/a?k=v",
                "http://h/b?k=v, /a, q=1, /b/a?k=v&q=1",
                "http://h/b, /a, '', /b/a?"
            })
    @DisplayName("is joined with exactly one slash, and queries are merged")
    void join(String base, String path, String query, String expected) {
        UpstreamUri joined = UpstreamUri.parse(base).orElseThrow().join(path, Optional.ofNullable(query));

        assertThat(joined.requestTarget()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org, https://example.org/a, true",
        "https://example.org, https://example.org:443/a, true",
        "https://example.org, https://EXAMPLE.org./a, true",
        "https://example.org, http://example.org/a, false",
        "https://example.org, https://example.org:8443/, false",
        "https://example.org, https://a.example.org/, false",
        "https://example.org:8443, https://example.org:8443/, true",
        "https://*.example.org, https://a.example.org/, true",
        "https://*.example.org, https://a.b.example.org/, true",
        "https://*.example.org, https://example.org/, false",
        "https://*.example.org, https://evilexample.org/, false",
        "https://*.example.org, https://example.org.evil/, false",
        "http://*, http://anything/, true",
        "http://*, https://anything/, false",
        "http://*:8080, http://anything:8080/, true",
        "http://*.1, http://1.1.1.1/, false"
    })
    @DisplayName("is one of the allowed ones, or not")
    void allowed(String entry, String url, boolean expected) {
        boolean includes = AllowedTarget.parse(entry)
                .filter(allowed -> allowed.includes(UpstreamUri.parse(url).orElseThrow()))
                .isPresent();

        assertThat(includes).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "https://example.org/a",
                "https://",
                "*",
                "ftp://*",
                "https://a.*",
                "https://**",
                "https://*.*",
                "https://*.*:8443",
                "https://*example.org",
                "https://*-cdn.example.org",
                "https://*example.org:8443",
                "https://*@example.org",
                "https://*/",
                "https://a*.b"
            })
    @DisplayName("is not allowed by what is no list entry")
    void noEntry(String text) {
        assertThat(AllowedTarget.parse(text)).isEmpty();
    }
}
