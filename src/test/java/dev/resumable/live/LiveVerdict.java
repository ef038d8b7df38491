// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Framing;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawResponse;
import java.util.Arrays;
import java.util.List;

/** Compares an answer with what {@link LiveRequest#expected} says; every difference is an AssertionError. */
final class LiveVerdict {
    private final LiveRequest request;
    private final LiveTarget target;
    private final RawResponse response;

    private LiveVerdict(LiveRequest request, RawResponse response) {
        this.request = request;
        this.target = request.target();
        this.response = response.assertComplete();
    }

    static void check(LiveRequest request, RawResponse response) {
        new LiveVerdict(request, response).check(request.expected().split(" "));
    }

    private void check(String[] expected) {
        switch (expected[0]) {
            case "200" -> whole();
            case "304", "412" -> withoutContent(Integer.parseInt(expected[0]));
            case "416" -> notSatisfiable();
            case "single" -> part(expected[1]);
            default -> parts(Arrays.asList(expected).subList(1, expected.length));
        }
        assertThat(response.field("ETag")).as("ETag").contains(target.entityTag());
    }

    private void whole() {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.field("Content-Range")).isEmpty();
        assertThat(response.field("Content-Length")).contains(Integer.toString(target.all().length));
        assertThat(response.field("Content-Type")).isEqualTo(target.contentType());
        assertThat(response.field("Accept-Ranges")).contains("bytes");
        assertThat(response.field("Last-Modified")).isEqualTo(target.lastModified());
        assertThat(request.method().equals("HEAD") ? response.bodyLength() == 0 : target.isAll(response.body()))
                .as("the bytes are those of the 200")
                .isTrue();
    }

    private void withoutContent(int status) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.bodyLength()).isZero();
        assertThat(response.field("Content-Range")).isEmpty();
        assertThat(response.field("Content-Type")).isEmpty();
    }

    private void notSatisfiable() {
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.field("Content-Range")).contains("bytes */" + target.all().length);
        assertThat(response.field("Content-Length")).contains("0");
    }

    private void part(String positions) {
        partial();
        assertThat(response.field("Content-Range")).contains(contentRange(positions));
        assertThat(response.field("Content-Type")).isEqualTo(target.contentType());
        assertThat(Arrays.equals(response.body(), slice(positions)))
                .as("the bytes are those of the 200")
                .isTrue();
    }

    private void parts(List<String> positions) {
        partial();
        assertThat(response.field("Content-Range")).isEmpty();
        List<MultipartBody.Part> parts = MultipartBody.of(response).parts();
        assertThat(parts.stream().flatMap(part -> part.field("Content-Range").stream()))
                .containsExactlyElementsOf(
                        positions.stream().map(this::contentRange).toList());
        for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i).field("Content-Type")).isEqualTo(target.contentType());
            assertThat(Arrays.equals(parts.get(i).body(), slice(positions.get(i))))
                    .as("the bytes of part %d are those of the 200", i)
                    .isTrue();
        }
    }

    private void partial() {
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
        assertThat(response.field("Content-Length")).contains(Long.toString(response.bodyLength()));
    }

    private String contentRange(String positions) {
        return "bytes " + positions + "/" + target.all().length;
    }

    private byte[] slice(String positions) {
        String[] ends = positions.split("-");
        return target.slice(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }
}
