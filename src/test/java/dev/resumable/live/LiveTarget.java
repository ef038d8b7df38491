// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;

/**
 * A representation as its 200 shows it, the measure of all other answers.
 *
 * @param path what to ask for
 * @param all the bytes
 * @param entityTag the strong tag
 * @param contentType the media type
 * @param lastModified the value of Last-Modified, if there is one
 * @param dateStrength whether that date may stand in If-Range
 */
record LiveTarget(
        String path,
        byte[] all,
        String entityTag,
        Optional<String> contentType,
        Optional<String> lastModified,
        DateStrength dateStrength) {

    /** RFC 9110 §8.8.2.2. */
    enum DateStrength {
        STRONG,
        /** Of the last minute: whether the clock has left its second is a matter of moments. */
        YOUNG,
        NO_DATE
    }

    /** Asks once and checks what every 200 of this library has; the bytes are {@code length} of {@link Bytes}. */
    static LiveTarget probe(int port, String path, int length) throws IOException {
        RawResponse response = RawClient.once(port, RawRequest.get(path)).assertComplete();
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
        assertThat(Arrays.equals(response.body(), Bytes.pattern(length)))
                .as("the bytes of %s", response)
                .isTrue();
        assertThat(response.field("Accept-Ranges")).contains("bytes");
        String tag = response.field("ETag").orElseThrow(() -> new AssertionError("no ETag in " + response));
        assertThat(tag).startsWith("\"");
        Optional<String> date = response.field("Last-Modified");
        return new LiveTarget(path, response.body(), tag, response.field("Content-Type"), date, strength(date));
    }

    private static DateStrength strength(Optional<String> lastModified) {
        if (lastModified.isEmpty()) {
            return DateStrength.NO_DATE;
        }
        ZonedDateTime changed = ZonedDateTime.parse(lastModified.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
        return changed.plusMinutes(1).isBefore(ZonedDateTime.now()) ? DateStrength.STRONG : DateStrength.YOUNG;
    }

    byte[] slice(int first, int last) {
        return Arrays.copyOfRange(all, first, last + 1);
    }

    boolean isAll(byte[] body) {
        return Arrays.equals(all, body);
    }
}
