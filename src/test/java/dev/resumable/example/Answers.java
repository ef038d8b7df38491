// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Framing;
import dev.resumable.testing.RawResponse;
import java.util.Arrays;

/** What every answer of a kind must be like. */
final class Answers {
    private Answers() {}

    /** Gives the entity-tag, which must be there. */
    static String tag(RawResponse response) {
        return response.field("ETag").orElseThrow(() -> new AssertionError("no ETag in " + response));
    }

    /** Checks that the body is {@code content}, with its exact Content-Length. */
    static void assertContent(RawResponse response, byte[] content) {
        assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
        assertThat(response.field("Content-Length")).contains(Integer.toString(content.length));
        assertThat(Arrays.equals(response.body(), content))
                .as("body of %s", response)
                .isTrue();
    }

    /** Checks a 206 with the bytes from {@code first} to {@code last} of {@code all}. */
    static void assertPart(RawResponse part, byte[] all, int first, int last) {
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.field("Content-Range")).contains("bytes %d-%d/%d".formatted(first, last, all.length));
        assertContent(part, Arrays.copyOfRange(all, first, last + 1));
    }

    /** Checks the status of an answer without a body that is not 416. */
    static void assertNoContent(RawResponse response, int status) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.bodyLength()).isZero();
        assertThat(response.field("Content-Range")).isEmpty();
    }
}
