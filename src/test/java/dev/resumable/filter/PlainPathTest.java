// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a path is plain")
final class PlainPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "/a/", "/a/b.c/~d", "/a%20b", "/%C3%A9", "/%c3%a9", "/a+b,c=d:e@f!$&'()*", "/a..b"})
    @DisplayName("if all read it in the one way")
    void plain(String path) {
        assertThat(PlainPath.is(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "//",
                "/a//b",
                "/.",
                "/..",
                "/a/../b",
                "/.a",
                "/a;b",
                "/a%3Bb",
                "/a%3bb",
                "/a%2Fb",
                "/a%2fb",
                "/a%5Cb",
                "/a\\b",
                "/%2e",
                "/%2E%2E/b",
                "/a%25b",
                "/a%00",
                "/a%1f",
                "/a%7f",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a b",
                "/é",
                "/a?b",
                "/a#b",
                "/a%+1"
            })
    @DisplayName("and is not if some might read it in another")
    void ambiguous(String path) {
        assertThat(PlainPath.is(path)).isFalse();
    }

    @Test
    @DisplayName("however long it is")
    void huge() {
        assertThat(PlainPath.is("/a%20".repeat(100_000))).isTrue();
    }
}
