// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static dev.resumable.filter.protocol.CompressedApp.TEXT;
import static dev.resumable.filter.protocol.CompressedApp.gunzip;
import static dev.resumable.filter.protocol.CompressedApp.isCoded;
import static dev.resumable.filter.protocol.CompressedApp.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Framing;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** The gzip form by itself: its fields, its ranges, its conditions. */
@DisplayName("the gzip form of a body")
final class CompressedFormTest {

    private static final String GZIP = "Accept-Encoding: gzip";
    private static EveryContainer containers;

    @BeforeAll
    static void start() {
        containers = EveryContainer.start(CompressedApp::create);
    }

    @AfterAll
    static void stop() {
        containers.close();
    }

    private static RawResponse get(ContainerKind kind, String target, String... lines) throws IOException {
        return containers.on(kind).get(target, lines).assertComplete();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "has a strong tag, a length and ranges of its own, and says what it depends on (RFC 9110 §8.8.3, §12.5.5)")
    void whole(ContainerKind kind) throws IOException {
        RawResponse plain = get(kind, "/made");
        for (String path : new String[] {"/made", "/async", "/made?length", "/made?Last-Modified=x"}) {
            RawResponse coded = get(kind, path, GZIP);
            assertThat(coded.status()).isEqualTo(200);
            assertThat(coded.field("Content-Encoding")).contains("gzip");
            assertThat(coded.framing()).isEqualTo(Framing.CONTENT_LENGTH);
            assertThat(coded.field("Content-Length")).contains("" + coded.bodyLength());
            assertThat(coded.bodyLength()).isLessThan(TEXT.length);
            assertThat(coded.field("Accept-Ranges")).contains("bytes");
            assertThat(coded.fields("Vary")).containsExactly("Accept-Encoding");
            assertThat(coded.field("Content-Type").orElseThrow()).startsWith("text/plain");
            assertThat(gunzip(coded.body())).isEqualTo(TEXT);
            assertThat(tag(coded)).startsWith("\"c.").isNotEqualTo(tag(plain));
            assertThat(tag(get(kind, path, GZIP))).isEqualTo(tag(coded));
        }
        assertThat(plain.body()).isEqualTo(TEXT);
        assertThat(plain.field("Content-Encoding")).isEmpty();
        assertThat(plain.fields("Vary")).containsExactly("Accept-Encoding");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("can be fetched in parts, which together are the coded bytes (RFC 9110 §14.1)")
    void parts(ContainerKind kind) throws IOException {
        RawResponse whole = get(kind, "/made", GZIP);
        String length = "" + whole.bodyLength();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (String range : new String[] {"0-9999", "10000-10000", "10001-"}) {
            RawResponse part = get(kind, "/made", GZIP, "Range: bytes=" + range);
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Encoding")).contains("gzip");
            assertThat(part.field("Content-Range").orElseThrow()).endsWith("/" + length);
            assertThat(part.fields("Vary")).containsExactly("Accept-Encoding");
            assertThat(tag(part)).isEqualTo(tag(whole));
            joined.writeBytes(part.body());
        }
        assertThat(joined.toByteArray()).isEqualTo(whole.body());
        assertThat(gunzip(joined.toByteArray())).isEqualTo(TEXT);

        RawResponse several = get(kind, "/made", GZIP, "Range: bytes=-10,0-9");
        assertThat(several.status()).isEqualTo(206);
        assertThat(several.field("Content-Encoding")).contains("gzip");
        MultipartBody body = MultipartBody.of(several);
        assertThat(body.parts().get(0).body())
                .isEqualTo(Arrays.copyOfRange(whole.body(), whole.body().length - 10, whole.body().length));
        assertThat(body.parts().get(1).body()).isEqualTo(Arrays.copyOf(whole.body(), 10));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes on where a broken download of it ended, as curl -C asks (RFC 9110 §13.1.5)")
    void resumed(ContainerKind kind) throws IOException {
        RawResponse whole = get(kind, "/made", GZIP);
        byte[] begun = Arrays.copyOf(whole.body(), 12_345);
        for (String[] lines : new String[][] {
            {GZIP, "Range: bytes=12345-", "If-Range: " + tag(whole)},
            {GZIP, "Range: bytes=12345-"},
            {GZIP, "Range: bytes=12345-", "If-Match: " + tag(whole)}
        }) {
            RawResponse rest = get(kind, "/made", lines);
            assertThat(rest.status()).isEqualTo(206);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(begun);
            all.writeBytes(rest.body());
            assertThat(gunzip(all.toByteArray())).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is revalidated by its tag, refused by another, and told its length (RFC 9110 §13.2.2, §15.5.17)")
    void conditions(ContainerKind kind) throws IOException {
        try (RawClient client = containers.on(kind).connect()) {
            RawResponse whole = client.get("/made", GZIP).assertComplete();
            RawResponse known = client.get("/made", GZIP, "If-None-Match: " + tag(whole));
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.field("ETag")).isEqualTo(whole.field("ETag"));
            assertThat(known.field("Content-Encoding")).isEmpty();
            RawResponse refused =
                    client.get("/made", GZIP, "If-Match: \"other\"").assertComplete();
            assertThat(refused.status()).isEqualTo(412);
            RawResponse beyond = client.get("/made", GZIP, "Range: bytes=" + whole.bodyLength() + "-")
                    .assertComplete();
            assertThat(beyond.status()).isEqualTo(416);
            assertThat(beyond.field("Content-Range")).contains("bytes */" + whole.bodyLength());
            for (RawResponse answer : new RawResponse[] {known, refused, beyond}) {
                assertThat(answer.fields("Vary")).containsExactly("Accept-Encoding");
            }
            client.assertNothingFollows(Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has the same head for HEAD (RFC 9110 §9.3.2)")
    void head(ContainerKind kind) throws IOException {
        try (RawClient client = containers.on(kind).connect()) {
            for (String line : new String[] {GZIP, "Accept-Encoding: br"}) {
                // Before and after the form has become known.
                for (String path : new String[] {"/made?X=" + line.length(), "/made?length&X=" + line.length()}) {
                    RawResponse before = client.head(path, line).assertComplete();
                    RawResponse get = client.get(path, line).assertComplete();
                    RawResponse after =
                            client.head(path, line, "Range: bytes=0-0").assertComplete();
                    for (String field : new String[] {
                        "ETag", "Content-Length", "Content-Type", "Content-Encoding", "Accept-Ranges", "Vary"
                    }) {
                        assertThat(before.field(field)).as(field).isEqualTo(get.field(field));
                        assertThat(after.field(field)).as(field).isEqualTo(get.field(field));
                    }
                    assertThat(after.status()).isEqualTo(200);
                    assertThat(isCoded(get)).isEqualTo(line.equals(GZIP));
                    client.assertNothingFollows(Duration.ofMillis(20));
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has the digest of the coded bytes, and none that the application gave to its own (RFC 9530 §3)")
    void digests(ContainerKind kind) throws IOException {
        String query = "/made?Content-MD5=mine&Repr-Digest=sha-256%3D%3AAAAA%3A&Content-Digest=mine&Digest=mine";
        for (String length : new String[] {"", "&length", "&length&ETag=%22own%22"}) {
            RawResponse coded = get(kind, query + length, GZIP);
            assertThat(isCoded(coded)).isTrue();
            for (String field : new String[] {"Content-MD5", "Repr-Digest", "Content-Digest", "Digest"}) {
                assertThat(coded.fields(field)).as(field).isEmpty();
                assertThat(get(kind, query + length).fields(field)).as(field).hasSize(1);
                assertThat(get(kind, query + length, "Accept-Encoding: gzip;q=0")
                                .fields(field))
                        .as(field)
                        .hasSize(1);
            }
        }
        RawResponse asked = get(kind, "/made?Content-MD5=mine", GZIP, "Want-Repr-Digest: sha-256=1");
        assertThat(asked.fields("Repr-Digest")).containsExactly("sha-256=:" + sha256(asked.body()) + ":");
        RawResponse part = get(
                kind,
                "/made",
                GZIP,
                "Want-Repr-Digest: sha-256=1",
                "Want-Content-Digest: sha-256=1",
                "Range: bytes=5-9");
        assertThat(part.fields("Repr-Digest")).isEqualTo(asked.fields("Repr-Digest"));
        assertThat(part.fields("Content-Digest")).containsExactly("sha-256=:" + sha256(part.body()) + ":");
    }

    private static String sha256(byte[] bytes) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Bytes.sha256(bytes)));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("comes in HTTP/1.0 and from a writer with a charset as well")
    void elsewhere(ContainerKind kind) throws IOException {
        RawResponse old = RawClient.once(
                        containers.on(kind).port(),
                        RawRequest.get("/made", GZIP).http10())
                .assertComplete();
        assertThat(old.field("Content-Length")).contains("" + old.bodyLength());
        assertThat(gunzip(old.body())).isEqualTo(TEXT);

        RawResponse written = get(kind, "/writer", GZIP);
        assertThat(isCoded(written)).isTrue();
        assertThat(written.field("Content-Type").orElseThrow()).containsIgnoringCase("charset=iso-8859-1");
        assertThat(new String(gunzip(written.body()), StandardCharsets.ISO_8859_1))
                .isEqualTo(CompressedApp.UMLAUTS);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps the fields of the application, and names Accept-Encoding once in Vary (RFC 9110 §12.5.5)")
    void vary(ContainerKind kind) throws IOException {
        for (String[] row : new String[][] {
            {"", "Accept-Encoding"},
            {"Vary=Origin", "Origin, Accept-Encoding"},
            {"Vary=Cookie&Vary2=x&Cache-Control=max-age%3D60", "Cookie, Accept-Encoding"},
            {"Vary=accept-encoding", "accept-encoding"},
            {"Vary=Accept-Encoding,%20Origin", "Accept-Encoding, Origin"},
            {"Vary=*", "*"},
        }) {
            for (String length : new String[] {"", "&length&ETag=%22own%22"}) {
                String path = "/made?" + row[0] + length;
                RawResponse coded = get(kind, path, GZIP);
                RawResponse plain = get(kind, path);
                RawResponse known = get(kind, path, GZIP, "If-None-Match: " + tag(coded));
                RawResponse part = get(kind, path, "Range: bytes=0-0");
                assertThat(known.status()).isEqualTo(304);
                for (RawResponse answer : new RawResponse[] {coded, plain, known, part}) {
                    assertThat(answer.fields("Vary"))
                            .as("%s: %s", path, answer.head())
                            .containsExactly(row[1]);
                    assertThat(answer.field("Cache-Control").orElse("max-age=60"))
                            .isEqualTo("max-age=60");
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not the answer if the client likes it less, and is the only one if the client refuses all else")
    void preference(ContainerKind kind) throws IOException {
        for (String accepted : new String[] {"identity, gzip;q=0.5", "gzip;q=0", "br", "", "*;q=0"}) {
            RawResponse plain = get(kind, "/made", "Accept-Encoding: " + accepted);
            assertThat(plain.body()).as(accepted).isEqualTo(TEXT);
            assertThat(plain.field("Content-Encoding")).isIn(Optional.empty(), Optional.of("identity"));
            assertThat(plain.fields("Vary")).containsExactly("Accept-Encoding");
        }
        for (String accepted : new String[] {"x-gzip", "br, gzip;q=0.1", "*", "gzip, identity;q=0"}) {
            assertThat(gunzip(get(kind, "/made", "Accept-Encoding: " + accepted).body()))
                    .as(accepted)
                    .isEqualTo(TEXT);
        }
        RawResponse longer = get(kind, "/made?body=noise", "Accept-Encoding: gzip, identity;q=0");
        assertThat(longer.field("Content-Encoding")).contains("gzip");
        assertThat(gunzip(longer.body())).isEqualTo(CompressedApp.NOISE);
    }
}
