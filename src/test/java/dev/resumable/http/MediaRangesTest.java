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

    @ParameterizedTest(name = "RFC 9110 §8.3.1: <{1}> is in <{0}>: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    text/*                   | text/html                      | true
                    text/*                   | TEXT/HTML;charset=utf-8        | true
                    text/*                   | text/html ;charset="a,b/c"     | true
                    text/*                   | ' text/html '                  | true
                    Text/*                   | text/x                         | true
                    text/*                   | textual/html                   | false
                    text/html                | text/html                      | true
                    text/html                | text/htmlx                     | false
                    text/html                | text/htm                       | false
                    image/png, text/html     | text/html                      | true
                    image/png, , text/html,  | image/png                      | true
                    image/png, text/html     | image/gif                      | false
                    application/*+json       | application/problem+json       | true
                    application/*+json       | application/vnd.a.b+JSON; v=1  | true
                    application/*+json       | application/json               | false
                    application/*+json       | application/jsonx              | false
                    application/*+json       | text/x+json                    | false
                    */*+xml                  | image/svg+xml                  | true
                    */*+xml                  | image/svg                      | false
                    */*                      | anything/at-all                | true
                    */*                      | ''                             | false
                    */*                      | text                           | false
                    */*                      | text/                          | false
                    */*                      | /html                          | false
                    */*                      | text/html x                    | false
                    */*                      | text/html, text/plain          | false
                    """)
    void containTypes(String list, String contentType, boolean contained) {
        assertThat(MediaRanges.parse(list).orElseThrow().contain(contentType)).isEqualTo(contained);
    }

    @ParameterizedTest(name = "<{0}> describes no set")
    @ValueSource(
            strings = {
                "",
                " , ",
                "text",
                "text/",
                "/html",
                "*",
                "*/html",
                "te*/html",
                "text/h*",
                "text/*ml",
                "text/**",
                "text/*+",
                "text/*+x*",
                "text/html;q=1",
                "text/html text/plain",
                "text/html, text",
                "text /html"
            })
    void areNoneIfMalformed(String list) {
        assertThat(MediaRanges.parse(list)).isEmpty();
    }

    @Test
    void areWrittenAsTheyAreRead() {
        MediaRanges ranges = MediaRanges.parse("Text/*,application/*+JSON ,a/b").orElseThrow();
        assertThat(ranges).hasToString("text/*, application/*+json, a/b");
        assertThat(MediaRanges.parse(ranges.toString())).contains(ranges);
        assertThat(ranges)
                .hasSameHashCodeAs(MediaRanges.parse(ranges.toString()).orElseThrow());
        assertThat(ranges).isNotEqualTo(MediaRanges.parse("a/b").orElseThrow());
        assertThat(ranges).isNotEqualTo("a/b");
    }
}
