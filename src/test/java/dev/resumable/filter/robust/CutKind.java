// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;

/** The kinds of answers that are cut, each of the pattern of {@link Bytes}. */
enum CutKind {
    FILE("/file-", 200),
    GENERATED("/generated-", 200),
    /** Generated and not spooled. */
    PASSED("/passed-", 200),
    FILE_PART("/file-", 206, "Range: bytes=100-"),
    GENERATED_PART("/generated-", 206, "Range: bytes=100-"),
    MULTIPART("/generated-", 206, "Range: bytes=0-99,900-999,-100");

    private final String path;
    private final int status;
    private final String[] lines;

    CutKind(String path, int status, String... lines) {
        this.path = path;
        this.status = status;
        this.lines = lines;
    }

    /** Asks for the representation of this length. */
    RawRequest request(int length) {
        return RawRequest.get(path + length, lines);
    }

    /** Fails the test unless this is the right answer, with all its bytes. */
    void assertRight(RawResponse got, int length) {
        assertThat(got.assertComplete().status()).isEqualTo(status);
        switch (this) {
            case FILE, GENERATED, PASSED -> assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, length));
            case FILE_PART, GENERATED_PART -> {
                assertThat(got.field("Content-Range")).contains("bytes 100-" + (length - 1) + "/" + length);
                assertThat(got.sha256()).isEqualTo(Bytes.sha256(100, length - 100));
            }
            case MULTIPART ->
                assertThat(MultipartBody.of(got).parts())
                        .extracting(MultipartBody.Part::body)
                        .containsExactly(Bytes.slice(0, 100), Bytes.slice(900, 100), Bytes.slice(length - 100, 100));
        }
    }
}
