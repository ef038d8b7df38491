// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P56-P58: one URL, several representations; and what is said of their bytes. */
@DisplayName("one URL")
final class IdentityTest {

    private static final int LENGTH = 5_000;

    private final AtomicInteger nonce = new AtomicInteger();

    /** Other bytes for each user and language, of one length and date. */
    private static void personal(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String who = request.getHeader("Cookie") + request.getHeader("Accept-Language");
        response.setContentType("text/plain");
        response.addHeader("Vary", "Cookie");
        response.addHeader("Vary", "Accept-Language");
        response.setHeader("Cache-Control", "private");
        response.getOutputStream().write(Bytes.random(who.hashCode(), LENGTH));
    }

    private void random(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getOutputStream().write(Bytes.random(nonce.incrementAndGet(), LENGTH));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void digested(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] all = Bytes.pattern(LENGTH);
        response.setHeader("Content-Digest", digest(all));
        response.setHeader("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==");
        response.setHeader("Repr-Digest", digest(all));
        if (request.getQueryString() != null) {
            response.setHeader("ETag", "\"own\"");
            response.setContentLength(LENGTH);
        }
        response.getOutputStream().write(all);
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/personal", IdentityTest::personal)
                .servlet("/random", this::random)
                .servlet("/digested", IdentityTest::digested)
                .app());
    }

    @ParameterizedTest(name = "P56 {0}")
    @ContainerSource
    @DisplayName("P56 with new bytes each time tags each of them truly, and never continues one with another")
    void random(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse first = container.get("/random").assertComplete();
            String tag = first.field("ETag").orElseThrow();

            RawResponse part = container.get("/random", "Range: bytes=10-19").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("ETag")).isPresent().isNotEqualTo(first.field("ETag"));

            RawResponse resumed = container
                    .get("/random", "Range: bytes=10-19", "If-Range: " + tag)
                    .assertComplete();
            assertThat(resumed.status()).isEqualTo(200);
            assertThat(resumed.bodyLength()).isEqualTo(LENGTH);
            assertThat(resumed.field("ETag")).isPresent().isNotEqualTo(first.field("ETag"));
            assertThat(container.get("/random", "If-None-Match: " + tag).status())
                    .isEqualTo(200);
            assertThat(container.get("/random", "If-Match: " + tag).status()).isEqualTo(412);
        }
    }

    @ParameterizedTest(name = "P57 {0}")
    @ContainerSource
    @DisplayName("P57 keeps two users and two languages apart, and keeps Vary on every answer")
    void variants(ContainerKind kind) throws IOException {
        String[][] variants = {
            {"Cookie: u=anna", "Accept-Language: de"},
            {"Cookie: u=anna", "Accept-Language: fr"},
            {"Cookie: u=bert", "Accept-Language: de"}
        };
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String[] mine : variants) {
                RawResponse own = client.get("/personal", mine).assertComplete();
                for (String[] other : variants) {
                    String tag = client.get("/personal", other).field("ETag").orElseThrow();
                    RawResponse got = client.get(
                                    "/personal", mine[0], mine[1], "Range: bytes=100-199", "If-Range: " + tag)
                            .assertComplete();
                    RawResponse asked = client.get("/personal", mine[0], mine[1], "If-None-Match: " + tag);
                    if (mine == other) {
                        assertThat(got.status()).isEqualTo(206);
                        assertThat(got.body()).isEqualTo(Arrays.copyOfRange(own.body(), 100, 200));
                        assertThat(asked.status()).isEqualTo(304);
                    } else {
                        assertThat(got.status()).isEqualTo(200);
                        assertThat(got.body()).isEqualTo(own.body());
                        assertThat(asked.status()).isEqualTo(200);
                    }
                    for (RawResponse response : new RawResponse[] {own, got, asked}) {
                        assertThat(String.join(", ", response.fields("Vary"))).isEqualTo("Cookie, Accept-Language");
                        assertThat(response.field("Cache-Control")).contains("private");
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "P58 {0}")
    @ContainerSource
    @DisplayName("P58 keeps what is true of the whole on a 200 and takes back what is not true of a part (RFC 9530)")
    void digests(ContainerKind kind) throws IOException {
        String whole = digest(Bytes.pattern(LENGTH));
        try (EmbeddedContainer container = start(kind)) {
            for (String path : new String[] {"/digested", "/digested?tag"}) {
                RawResponse got = container.get(path).assertComplete();
                assertThat(got.field("Content-Digest")).as(path).contains(whole);
                assertThat(got.field("Repr-Digest")).contains(whole);
                assertThat(got.field("Content-MD5")).isPresent();
                String tag = got.field("ETag").orElseThrow();

                for (String range : new String[] {"bytes=0-9", "bytes=0-9,20-29"}) {
                    RawResponse part = container.get(path, "Range: " + range).assertComplete();
                    assertThat(part.status()).isEqualTo(206);
                    assertThat(part.field("Content-Digest")).as(path + range).isEmpty();
                    assertThat(part.field("Content-MD5")).isEmpty();
                    assertThat(part.field("Repr-Digest")).contains(whole);
                }
                for (String line :
                        new String[] {"If-None-Match: " + tag, "If-Match: \"x\"", "Range: bytes=" + LENGTH + "-"}) {
                    RawResponse bodiless = container.get(path, line).assertComplete();
                    assertThat(bodiless.status()).isGreaterThan(300);
                    assertThat(bodiless.field("Content-Digest"))
                            .as("%s %s: %s", path, line, bodiless)
                            .isEmpty();
                    assertThat(bodiless.field("Content-MD5")).isEmpty();
                    if (bodiless.status() > 400) {
                        // There it would be that of the error (RFC 9530 §3).
                        assertThat(bodiless.field("Repr-Digest")).isEmpty();
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "P58 {0}")
    @ContainerSource
    @DisplayName("P58 gives digests of ours to whom asks for them, of the whole and of the part")
    void wanted(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            RawResponse part = container
                    .get(
                            "/personal",
                            "Range: bytes=5-9",
                            "Want-Repr-Digest: sha-256=5",
                            "Want-Content-Digest: sha-256=5")
                    .assertComplete();
            RawResponse whole = container.get("/personal").assertComplete();
            assertThat(part.field("Repr-Digest")).contains(digest(whole.body()));
            assertThat(part.field("Content-Digest")).contains(digest(part.body()));
            assertThat(whole.field("Repr-Digest")).isEmpty();
        }
    }
}
