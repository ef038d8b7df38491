// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of media ranges that a deployer writes down. */
class MediaRangesTest {

    @ParameterizedTest(name = "RFC 9110 §12.5.1: video/*, text/html contain {0}: {1}")
    @CsvSource({
        "video/mp4, true",
        "VIDEO/webm;codecs=vp9, true",
        "text/html, true",
        "' Text/HTML ; charset=utf-8', true",
        "text/plain, false",
        "videos/mp4, false",
        "text/htmlx, false",
        "video, false",
        "'', false",
        "/, false"
    })
    void contain(String contentType, boolean expected) {
        MediaRanges ranges = MediaRanges.of(List.of("video/*", "text/html")).orElseThrow();

        assertThat(ranges.contain(contentType)).isEqualTo(expected);
    }

    @Test
    void containEverythingIfTheySaySo() {
        assertThat(MediaRanges.of(List.of("*/*")).orElseThrow().contain("a/b")).isTrue();
    }

    @Test
    void containNothingIfThereAreNone() {
        MediaRanges none = MediaRanges.of(List.of()).orElseThrow();

        assertThat(none.isEmpty()).isTrue();
        assertThat(none.contain("a/b")).isFalse();
        assertThat(MediaRanges.of(List.of("a/b")).orElseThrow().isEmpty()).isFalse();
    }

    @ParameterizedTest(name = "RFC 9110 §12.5.1: [{0}] is refused")
    @ValueSource(strings = {"", "video", "video/", "/mp4", "*/mp4", "a/b;q=1", "a/b;", "a/b, c/d", "a/b c", " a/b"})
    void areRefusedIfOneIsMalformed(String text) {
        assertThat(MediaRanges.of(List.of("video/*", text))).isEmpty();
    }
}
