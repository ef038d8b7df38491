// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser takes what RFC 2046 allows a composer to write, and nothing else. */
final class MultipartBodyTest {
    private static final String TYPE = "multipart/byteranges; boundary=B";

    private static MultipartBody parse(String body) {
        return MultipartBody.parse(TYPE, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void takesPartsApartExactly() {
        MultipartBody body = parse("--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n"
                + "--B\r\nContent-Range: bytes 4-9/9\r\n\r\n\r\n\0\r\n\n\r\n--B--\r\n");
        assertThat(body.preamble()).isEmpty();
        assertThat(body.epilogue()).isEmpty();
        assertThat(body.boundary()).isEqualTo("B");
        assertThat(body.parts()).hasSize(2);
        MultipartBody.Part first = body.parts().get(0);
        assertThat(first.field("content-range")).contains("bytes 0-1/9");
        assertThat(first.field("Content-Type")).contains("text/plain");
        assertThat(first.body()).isEqualTo(new byte[] {'a', 'b'});
        assertThat(body.parts().get(1).lines()).hasSize(1);
        assertThat(body.parts().get(1).body()).isEqualTo(new byte[] {'\r', '\n', 0, '\r', '\n', '\n'});
    }

    @Test
    void keepsPreambleAndEpilogue() {
        MultipartBody body = parse("before\r\n\r\n--B\r\n\r\n\r\n--B--\r\nafter\r\n");
        assertThat(body.preamble()).isEqualTo("before\r\n");
        assertThat(body.epilogue()).isEqualTo("after\r\n");
        assertThat(body.parts()).singleElement().satisfies(part -> {
            assertThat(part.lines()).isEmpty();
            assertThat(part.body()).isEmpty();
        });
    }

    @Test
    void allowsAnEmptyPreambleLineAndNoLineBreakAtTheEnd() {
        assertThat(parse("\r\n--B\r\n\r\nx\r\n--B--").parts()).hasSize(1);
    }

    @ParameterizedTest(name = "malformed: {0}")
    @ValueSource(
            strings = {
                "",
                "--B--\r\n",
                "--B\r\n\r\nx",
                "--B\r\n\r\nx\r\n--B",
                "--B\r\n\r\nx\r\n--B\r\n",
                "--B\r\n\r\nx--B--",
                "--B\r\n\r\nx\n--B--",
                "--B\n\nx\r\n--B--",
                "--B\r\nA: 1\n\r\nx\r\n--B--",
                "--B\r\nA: 1\r\n--B--",
                "--B\r\nA : 1\r\n\r\nx\r\n--B--",
                "--B \r\n\r\nx\r\n--B--",
                "--B\r\n\r\nx\r\n--B--trailing",
                "--B\r\n\r\nx\r\n--Bx\r\ny\r\n--B--",
                "--B\r\n\r\nx\r\n--C--"
            })
    void refusesMalformedBodies(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(AssertionError.class).hasMessageContaining("malformed");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/byteranges; boundary=abc|abc",
                "Multipart/ByteRanges;BOUNDARY=abc|abc",
                "multipart/byteranges; boundary=\"a:b c\"; x=y|a:b c",
                "multipart/byteranges; x=\";boundary=no\"; boundary=yes|yes"
            })
    void readsTheBoundary(String type, String boundary) {
        assertThat(MultipartBoundary.of(type)).isEqualTo(boundary);
    }

    @ParameterizedTest(name = "refused: {0}")
    @ValueSource(
            strings = {
                "text/plain; boundary=B",
                "multipart/mixed; boundary=B",
                "multipart/byteranges",
                "multipart/byteranges; boundary=",
                "multipart/byteranges; boundary=\"\"",
                "multipart/byteranges; boundary=a:b",
                "multipart/byteranges; boundary=\"a ",
                "multipart/byteranges; boundary=\"a \"",
                "multipart/byteranges; boundary=\"a\"b",
                "multipart/byteranges; boundary=a; boundary=a",
                "multipart/byteranges; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void refusesUnfitContentTypes(String type) {
        assertThatThrownBy(() -> MultipartBoundary.of(type)).isInstanceOf(AssertionError.class);
    }
}
