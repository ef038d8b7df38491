// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P42, P43: codings that the application applies itself. */
@DisplayName("a body that the application has coded")
final class InnerCodingTest {

    private static final byte[] PLAIN = Bytes.random(42, 50_000);
    private static final byte[] CODED = gzip(PLAIN);

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    /** Codes where the client allows it; sets its fields in an order that the query gives. */
    private static void negotiate(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean coded = request.getHeader("Accept-Encoding") != null;
        for (char field : request.getQueryString().toCharArray()) {
            switch (field) {
                case 't' -> response.setContentType("text/plain");
                case 'e' -> {
                    if (coded) {
                        response.setHeader("content-encoding", "gzip");
                    }
                }
                case 'v' -> response.setHeader("Vary", "Accept-Encoding");
                case 'c' -> response.setHeader("Cache-Control", "max-age=60");
                case 'l' -> response.setContentLength(coded ? CODED.length : PLAIN.length);
                default -> throw new IllegalArgumentException("no field " + field);
            }
        }
        response.getOutputStream().write(coded ? CODED : PLAIN);
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        return kind.start(
                FilteredApp.create().servlet("/n", InnerCodingTest::negotiate).app());
    }

    @ParameterizedTest(name = "P42 {0}")
    @ContainerSource
    @DisplayName("P42 has tag, length and ranges of the coded bytes, in whatever order its fields were set")
    void codedBytes(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (String order : new String[] {"tevcl", "ctve", "vecl", "eltvc", "lcvte"}) {
                RawResponse whole =
                        container.get("/n?" + order, "Accept-Encoding: gzip").assertComplete();
                assertThat(whole.field("Content-Encoding")).as(order).contains("gzip");
                assertThat(whole.body()).isEqualTo(CODED);
                assertThat(whole.field("Content-Length")).contains("" + CODED.length);
                String tag = whole.field("ETag").orElseThrow();

                RawResponse part = container
                        .get("/n?" + order, "Accept-Encoding: gzip", "Range: bytes=40000-", "If-Range: " + tag)
                        .assertComplete();
                assertThat(part.status()).as(order).isEqualTo(206);
                assertThat(part.field("Content-Encoding")).contains("gzip");
                assertThat(part.field("Content-Range"))
                        .contains("bytes 40000-" + (CODED.length - 1) + "/" + CODED.length);
                assertThat(part.body()).isEqualTo(Arrays.copyOfRange(CODED, 40_000, CODED.length));
                for (RawResponse response : new RawResponse[] {whole, part}) {
                    assertThat(response.fields("Vary")).containsExactly("Accept-Encoding");
                    assertThat(response.field("Cache-Control").orElse("max-age=60"))
                            .isEqualTo("max-age=60");
                }
            }
        }
    }

    @ParameterizedTest(name = "P42 P57 {0}")
    @ContainerSource
    @DisplayName("P42 P57 shares nothing with the plain one: another tag, and no range by the tag of the other")
    void variants(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            String coded = container
                    .get("/n?tev", "Accept-Encoding: gzip")
                    .field("ETag")
                    .orElseThrow();
            RawResponse plain = container.get("/n?tev").assertComplete();
            assertThat(plain.body()).isEqualTo(PLAIN);
            assertThat(plain.field("Content-Encoding")).isEmpty();
            assertThat(plain.field("ETag").orElseThrow()).isNotEqualTo(coded);

            RawResponse crossed = container
                    .get("/n?tev", "Range: bytes=5-9", "If-Range: " + coded)
                    .assertComplete();
            assertThat(crossed.status()).isEqualTo(200);
            assertThat(crossed.body()).isEqualTo(PLAIN);

            RawResponse known = container.get("/n?tev", "Accept-Encoding: gzip", "If-None-Match: " + coded);
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.field("Content-Encoding")).isEmpty();
            assertThat(known.fields("Vary")).containsExactly("Accept-Encoding");
        }
    }
}
